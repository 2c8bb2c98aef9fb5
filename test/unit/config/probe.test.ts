import { describe, expect, it } from '@jest/globals'
import { ProbeSection } from '../../../src/config/deploy/probe.js'

const messages = (input: unknown) => {
  const parsed = ProbeSection.safeParse(input)
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}
const GOLDEN = { file: 'golden.csv' }

describe('deploy.probe', () => {
  it('needs the name of a model, and nothing more', () => {
    expect(ProbeSection.parse({ model: 'census' })).toMatchObject({
      protocol: 'v2',
      schema: 'any',
      'on-failure': 'refuse',
      timeout: 10_000,
    })
    expect(messages({})).toEqual(['model: needs the name of the model'])
  })

  it.each([
    [{ protocol: 'json' }, 'path: needs a path for protocol json'],
    [{ model: 'm', 'warm-up': 3 }, 'golden: needs golden: rows to send for warm-up and latency'],
    [
      { model: 'm', latency: { 'p95-under': '1s' } },
      'golden: needs golden: rows to send for warm-up and latency',
    ],
    [
      { model: 'm', golden: GOLDEN, latency: {} },
      'latency: needs p50-under, p95-under or p99-under',
    ],
    [{ model: 'm', protocol: 'v1', schema: 'stable' }, 'schema: is known by v2 and v2-grpc only'],
    [{ model: '../../admin' }, 'model: must be the name of a model'],
    [{ model: 'm', 'model-version': '1/ready?' }, 'model-version: must be the name of a version'],
    [{ protocol: 'json', path: 'predict' }, 'path: must be empty or begin with /'],
    [{ model: 'm', url: 'file:///etc/passwd' }, 'url: must begin with http:// or https://'],
    [{ model: 'm', watch: { every: '0s' } }, 'watch.every: must be longer than 0'],
  ])('refuses %j', (input, message) => {
    expect(messages(input)).toContain(message)
  })

  it('takes names with parts, such as those of TorchServe and Triton', () => {
    expect(messages({ model: 'team/census-v2.1@prod:1' })).toEqual([])
  })
})
