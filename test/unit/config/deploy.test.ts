import { describe, expect, it } from '@jest/globals'
import { toPolicy } from '../../../src/actions/deploy-canary/policy.js'
import { DeploySection } from '../../../src/config/deploy.js'

const messages = (input: unknown) => {
  const parsed = DeploySection.safeParse(input)
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => [path.join('.'), message])
}

describe('the deploy section', () => {
  it('works with nothing in it', () => {
    expect(DeploySection.parse({})).toMatchObject({
      target: 'embedded',
      mode: 'canary',
      steps: [5, 25, 50, 100],
      interval: 60_000,
      resume: 'auto',
      listen: { host: '127.0.0.1', port: 8080 },
      analysis: [{ metric: 'error-rate', role: 'both' }],
      'fail-on': 'inconclusive',
    })
  })

  it.each([
    ['500ms', 500],
    ['5s', 5000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('reads the time %s', (text, milliseconds) => {
    expect(DeploySection.parse({ interval: text }).interval).toBe(milliseconds)
  })

  it.each([
    { metric: 'quality', labels: 'a.csv' },
    { metric: 'disagreement', 'at-most': 0.1 },
  ])('takes one %j, since only the first would be read', (metric) => {
    expect(messages({ analysis: [metric] })).toEqual([])
    expect(messages({ analysis: [metric, { metric: 'error-rate' }, metric] })).toEqual([
      ['analysis.2', `${metric.metric} can be given only once`],
    ])
  })

  it.each([[[1, 10]], ['1, 10'], ['1%\n10%'], [['1%', 10]]])('reads the steps %j', (steps) => {
    expect(DeploySection.parse({ steps }).steps).toEqual([1, 10])
  })

  it.each([
    ['an unknown key', { step: [5] }, '', /step/],
    ['a time without a unit', { interval: '5' }, 'interval', /such as 500ms/],
    ['a negative time', { interval: '-5s' }, 'interval', /such as 500ms/],
    ['steps that fall', { steps: [25, 5] }, 'steps', /above the one before/],
    ['a first step of 100', { steps: [100] }, 'steps', /mode: direct/],
    ['a step of 0', { steps: [0, 5] }, 'steps.0', /.*/],
    ['an unknown metric', { analysis: [{ metric: 'errors' }] }, 'analysis.0.metric', /.*/],
    [
      'a disagreement of 1',
      { analysis: [{ metric: 'disagreement', 'at-most': 1 }] },
      'analysis.0.at-most',
      /.*/,
    ],
    [
      'a version with url and command',
      { backends: { canary: { url: 'http://x', command: ['x'] } } },
      'backends.canary',
      /either url or command/,
    ],
    [
      'a version with neither',
      { backends: { canary: { port: 1 } } },
      'backends.canary',
      /needs url, command or name/,
    ],
    [
      'a url of another kind',
      { backends: { canary: { url: 'file:///etc/passwd' } } },
      'backends.canary.url',
      /.*/,
    ],
    ['an alpha of 1', { alpha: 1 }, 'alpha', /.*/],
  ])('refuses %s', (_name, input, path, message) => {
    const found = messages(input)
    expect(found).toHaveLength(1)
    expect(found[0]?.[0]).toBe(path)
    expect(found[0]?.[1]).toMatch(message)
  })

  it('becomes the rules of a rollout', () => {
    const section = DeploySection.parse({
      steps: [10, 100],
      'max-bad-requests': 30,
      analysis: [
        { metric: 'latency', over: '200ms' },
        { metric: 'quality', labels: 'labels.csv', groups: ['sex'] },
        { metric: 'disagreement', 'at-most': 0.1 },
      ],
    })
    const policy = toPolicy(section, ['sex=1', 'sex=2'])
    expect(policy).toMatchObject({ mode: 'canary', steps: [10, 100], mirror: 0, maxBadEvents: 30 })
    expect(policy.metrics).toEqual([
      {
        metric: 'latency',
        of: 'share',
        role: 'guard',
        method: 'e-process',
        margin: 0.5,
        tolerance: 0,
        overMilliseconds: 200,
      },
      {
        metric: 'quality',
        role: 'both',
        method: 'normal-mixture',
        margin: 0.1,
        tolerance: 0,
        slices: ['sex=1', 'sex=2'],
      },
      { metric: 'disagreement', role: 'guard', atMost: 0.1 },
    ])
    expect(JSON.parse(JSON.stringify(policy))).toMatchObject({ alpha: 0.05 })
  })

  it('mirrors everything in shadow mode unless told', () => {
    expect(toPolicy(DeploySection.parse({ mode: 'shadow' }), [])).toMatchObject({
      mode: 'shadow',
      mirror: 100,
    })
    expect(toPolicy(DeploySection.parse({ mode: 'shadow', mirror: 10 }), []).mirror).toBe(10)
  })
})
