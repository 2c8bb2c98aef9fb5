import { describe, expect, it } from '@jest/globals'
import { answersWanted } from '../../../../src/actions/deploy-canary/logged-answers.js'
import { toPolicy } from '../../../../src/actions/deploy-canary/policy.js'
import { requireMeans } from '../../../../src/actions/deploy-canary/required.js'
import { DeploySection } from '../../../../src/config/deploy.js'

const route = { target: 'gateway-api', 'gateway-api': { route: 'model' } }
const prometheus = { url: 'http://prometheus:9090', requests: 'requests_total' }
const predictions = { files: 'log.jsonl' }
const timed = { files: 'log.jsonl', columns: { latency: 'ms' } }
const backends = { stable: { name: 'model-1' }, canary: { name: 'model-2' } }
const latency = { metric: 'latency', over: '200ms' }
const envoy = {
  admin: 'http://127.0.0.1:9901',
  'runtime-key-prefix': 'split',
  mirror: { 'runtime-key': 'copies', cluster: 'two' },
}
const sagemaker = { 'endpoint-name': 'e', shadow: true }
const parsed = (section: object) =>
  DeploySection.parse({ mode: 'shadow', backends, ...route, ...section })
const check = (section: object) => () => requireMeans(parsed(section))

describe('a shadow is refused before anything is touched', () => {
  it.each([
    ['where the target sends no copies', { target: 'haproxy', signals: { predictions } }, 457],
    [
      'where Envoy has no mirror',
      { target: 'envoy', envoy: { ...envoy, mirror: undefined }, signals: { predictions } },
      457,
    ],
    [
      'where SageMaker has no shadow variant',
      { target: 'sagemaker', sagemaker: { ...sagemaker, shadow: false } },
      457,
    ],
    ['where no copies are asked for', { mirror: 0, signals: { predictions } }, 457],
    [
      'where Envoy counts copies among users’ requests',
      { target: 'envoy', envoy, signals: { predictions } },
      458,
    ],
    ['where nothing says what it answers', {}, '062'],
    [
      'where nginx alone counts',
      {
        target: 'nginx',
        nginx: { file: '/m.conf', status: 'http://127.0.0.1/', 'access-log': '/l' },
      },
      '062',
    ],
    [
      'by a mean of latency',
      { signals: { predictions: timed }, analysis: [{ ...latency, of: 'log-mean' }] },
      459,
    ],
    [
      'by rejections that nobody counts',
      { signals: { predictions }, analysis: [{ metric: 'rejection-rate' }] },
      459,
    ],
    [
      'by two bounds of latency',
      { signals: { predictions: timed }, analysis: [latency, { ...latency, over: '1s' }] },
      460,
    ],
    [
      'by quality where only sums are known',
      { signals: { prometheus }, analysis: [{ metric: 'quality', labels: 'l.csv' }] },
      330,
    ],
  ])('%s', (_name, section, code) => {
    expect(check(section)).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ code: `MW-DEPLOY-${code}` })],
      }),
    )
  })

  it('where Traefik counts copies as requests of users', () => {
    const traefik = { file: '/etc/traefik/split.yml', api: 'http://127.0.0.1:8080', service: 'm' }
    const section = { target: 'traefik', traefik, signals: { predictions } }
    expect(check(section)).toThrow(/MW-DEPLOY-458|counts copies/)
    expect(check({ ...section, signals: { prometheus, predictions } })).not.toThrow()
    const apart = { ...traefik, 'copies-suffix': '-copies' }
    expect(check({ ...section, traefik: apart })).not.toThrow()
  })

  it('nor is a canary begun with copies that nobody sends', () => {
    const section = { mode: 'canary', target: 'haproxy', mirror: 10 }
    expect(check(section)).toThrow(/sends no copies/)
    expect(check({ ...section, mirror: undefined })).not.toThrow()
  })

  it('where Azure would have to copy more than it does', () => {
    expect(check({ target: 'azure-ml', signals: { predictions } })).toThrow(/50 %/)
    expect(check({ target: 'azure-ml', mirror: 50, signals: { predictions } })).not.toThrow()
  })
})

describe('a shadow is judged', () => {
  const rows = (section: object) =>
    toPolicy(parsed(section), []).metrics.map((one) => 'unpaired' in one && one.unpaired)
  const analysis = [{ metric: 'error-rate' }, latency]

  it.each([
    ['by answers and their times', { signals: { predictions: timed } }, [false, false]],
    [
      'by answers, and by counts for times that the log lacks',
      { signals: { prometheus, predictions } },
      [false, true],
    ],
    ['by counts where answers are not known', { signals: { prometheus } }, [true, true]],
    [
      'by what SageMaker counts of a shadow variant',
      { target: 'sagemaker', sagemaker },
      [true, true],
    ],
    ['by what our router compares', { target: 'embedded', backends: {} }, [false, false]],
  ])('%s', (_name, section, unpaired) => {
    expect(check({ ...section, analysis })).not.toThrow()
    expect(rows({ ...section, analysis })).toEqual(unpaired)
  })

  it('by rejections where somebody counts them by version', () => {
    const section = {
      signals: { prometheus, predictions },
      analysis: [{ metric: 'rejection-rate' }],
    }
    expect(check(section)).not.toThrow()
    expect(rows(section)).toEqual([true])
  })

  it('by one bound of time, also where a later run goes on, and a canary by none', () => {
    const settings = (mode: string) => parsed({ mode, signals: { predictions: timed }, analysis })
    expect(answersWanted(settings('shadow')).slowMs).toBe(200)
    expect(answersWanted(settings('continue')).slowMs).toBe(200)
    expect(answersWanted(settings('canary')).slowMs).toBeUndefined()
    expect(toPolicy(settings('canary'), []).metrics.some((one) => 'unpaired' in one)).toBe(false)
  })

  it('with Envoy where users’ requests are told from copies', () => {
    expect(
      check({ target: 'envoy', envoy: { ...envoy, origin: 'external' }, signals: { predictions } }),
    ).not.toThrow()
  })
})
