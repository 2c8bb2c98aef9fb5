import { describe, expect, it } from '@jest/globals'
import { requireMeans } from '../../../../src/actions/deploy-canary/required.js'
import { DeploySection } from '../../../../src/config/deploy.js'

const route = { target: 'gateway-api', 'gateway-api': { route: 'model' } }
const signals = { prometheus: { url: 'http://prometheus:9090', requests: 'requests_total' } }
const backends = { stable: { name: 'model-1' }, canary: { name: 'model-2' } }
const check = (section: object) => () => requireMeans(DeploySection.parse(section))

describe('what a rollout needs before anything is touched', () => {
  it.each([
    [
      'an address of plain HTTP for the embedded router',
      { backends: { canary: { url: 'https://x' } } },
      /MW-DEPLOY-060/,
    ],
    [
      'more than a name for the embedded router',
      { backends: { canary: { name: 'x' } } },
      /MW-DEPLOY-060/,
    ],
    [
      'the name of each version',
      { ...route, signals, backends: { canary: { url: 'http://x' } } },
      /MW-DEPLOY-061.*|what target gateway-api calls/,
    ],
    [
      'something that says what a shadow answers',
      { ...route, backends, mode: 'shadow' },
      /MW-DEPLOY-062|its shadow answers/,
    ],
    [
      'holds that the mode comes to',
      {
        ...route,
        ...{ signals, backends, mode: 'blue-green', steps: [25, 50, 100], 'hold-at': [25] },
      },
      /MW-DEPLOY-065.*25 is none of the weights of mode blue-green \(0, 100\)/,
    ],
    [
      'holds at the one weight of two versions compared',
      { ...route, signals, backends, mode: 'ab', steps: [25, 50], 'hold-at': [50] },
      /MW-DEPLOY-065.*\(25\)/,
    ],
    ['something that counts', { ...route, backends }, /MW-DEPLOY-063|does not count/],
    [
      'single answers for quality',
      { ...route, signals, backends, analysis: [{ metric: 'quality', labels: 'labels.csv' }] },
      /MW-DEPLOY-330.*quality/,
    ],
    [
      'single answers for a mean of latency',
      {
        ...route,
        signals,
        backends,
        analysis: [{ metric: 'latency', over: '1s', of: 'log-mean' }],
      },
      /MW-DEPLOY-330.*latency/,
    ],
    [
      'what counts times, where a log has them but does not count',
      {
        target: 'haproxy',
        backends,
        signals: { predictions: { files: 'log.jsonl' } },
        analysis: [{ metric: 'latency', over: '1s' }],
      },
      /MW-DEPLOY-067/,
    ],
    [
      'a log of nginx, or something that counts',
      { target: 'nginx', nginx: { file: '/m.conf', status: 'http://127.0.0.1/' }, backends },
      /MW-DEPLOY-063/,
    ],
  ])('is %s', (_name, section, message) => {
    expect(check(section)).toThrow(message)
  })

  it('is there', () => {
    expect(check({ ...route, signals, backends })).not.toThrow()
    expect(check({ ...route, backends, mode: 'direct' })).not.toThrow()
    expect(check({ backends: { canary: { command: ['serve'] } } })).not.toThrow()
    const log = { ...signals, predictions: { files: 'log.jsonl' } }
    expect(check({ ...route, signals: log, backends, mode: 'shadow' })).not.toThrow()
    const analysis = [{ metric: 'quality', labels: 'labels.csv' }]
    expect(check({ ...route, signals: log, backends, analysis })).not.toThrow()
    // HAProxy counts by itself.
    expect(check({ target: 'haproxy', backends })).not.toThrow()
    const nginx = { file: '/m.conf', status: 'http://127.0.0.1/', 'access-log': '/m.log' }
    expect(check({ target: 'nginx', nginx, backends })).not.toThrow()
  })
})
