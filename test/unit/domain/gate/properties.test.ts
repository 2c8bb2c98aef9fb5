import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Decision } from '../../../../src/domain/decision.js'
import type { GateRule } from '../../../../src/domain/gate/policy.js'
import { byCounts, verdictOf } from './gate-fixtures.js'

const RANK: Readonly<Record<string, number>> = { fail: 0, inconclusive: 1, pass: 2 }
const rank = (status: string): number => RANK[status] ?? Number.NaN

const counts = fc.tuple(
  fc.integer({ min: 50, max: 300 }),
  fc.integer({ min: 0, max: 60 }),
  fc.integer({ min: 0, max: 60 }),
  fc.integer({ min: 5, max: 60 }),
)
const share = fc.integer({ min: 1, max: 200 }).map((thousandths) => thousandths / 1000)

const comparison: fc.Arbitrary<GateRule> = fc.oneof(
  share.map((margin): GateRule => ({ metric: 'accuracy', 'no-worse-than': 'baseline', margin })),
  share.map((by): GateRule => ({ metric: 'accuracy', 'better-than': 'baseline', by })),
  share.map((margin): GateRule => ({ metric: 'accuracy', 'equivalent-to': 'baseline', margin })),
  share.map((floor): GateRule => ({ metric: 'accuracy', 'at-least': 1 - floor })),
  share.map((floor): GateRule => ({ metric: 'accuracy', 'at-most': 1 - floor })),
)

const statuses = (rules: readonly GateRule[], data: ReturnType<typeof byCounts>) =>
  verdictOf({ ...data, rules, policy: { correction: 'none' } }).checks.map(({ status }) => status)

describe('the decision', () => {
  it('of equivalence does not hang on which model is which', () => {
    fc.assert(
      fc.property(counts, share, ([both, mine, theirs, none], margin) => {
        const rules: GateRule[] = [{ metric: 'accuracy', 'equivalent-to': 'baseline', margin }]
        const one = statuses(rules, byCounts(both, mine, theirs, none))
        expect(statuses(rules, byCounts(both, theirs, mine, none))).toEqual(one)
      }),
      { numRuns: 60, seed: 4 },
    )
  })

  it('is mirrored by swapping the models: better by an amount is the claim against not worse by it', () => {
    fc.assert(
      fc.property(counts, share, ([both, mine, theirs, none], by) => {
        const [better] = statuses(
          [{ metric: 'accuracy', 'better-than': 'baseline', by }],
          byCounts(both, mine, theirs, none),
        )
        // The others, seen from the other side: more than `by` worse is exactly what the swapped rule forbids.
        const [swapped] = statuses(
          [{ metric: 'accuracy', 'no-worse-than': 'baseline', margin: by }],
          byCounts(both, theirs, mine, none),
        )
        const mirrored = { pass: 'fail', fail: 'pass', inconclusive: 'inconclusive' }
        expect(swapped).toBe(mirrored[better as keyof typeof mirrored])
      }),
      { numRuns: 60, seed: 5 },
    )
  })

  it('never turns for the better when a margin is tightened', () => {
    fc.assert(
      fc.property(counts, share, share, ([both, mine, theirs, none], a, b) => {
        const data = byCounts(both, mine, theirs, none)
        const [tight, wide] = a < b ? [a, b] : [b, a]
        for (const comparator of ['no-worse-than', 'equivalent-to'] as const) {
          const rule = (margin: number): GateRule => ({
            metric: 'accuracy',
            [comparator]: 'baseline',
            margin,
          })
          const [first = ''] = statuses([rule(tight)], data)
          const [second = ''] = statuses([rule(wide)], data)
          expect(rank(first)).toBeLessThanOrEqual(rank(second))
        }
      }),
      { numRuns: 60, seed: 6 },
    )
  })

  const decisionOf = (rules: readonly GateRule[], data: ReturnType<typeof byCounts>): Decision =>
    verdictOf({ ...data, rules }).decision

  it('never becomes a pass by more rules', () => {
    fc.assert(
      fc.property(
        counts,
        fc.array(comparison, { minLength: 1, maxLength: 4 }),
        comparison,
        ([both, mine, theirs, none], rules, more) => {
          const data = byCounts(both, mine, theirs, none)
          fc.pre(!contradicts([...rules, more]))
          const before = decisionOf(rules, data)
          if (before === 'pass') return
          expect(decisionOf([...rules, more], data)).not.toBe('pass')
        },
      ),
      { numRuns: 60, seed: 7 },
    )
  })

  it('does not hang on the order of the rules', () => {
    fc.assert(
      fc.property(
        counts,
        fc.array(comparison, { minLength: 2, maxLength: 5 }),
        ([both, mine, theirs, none], rules) => {
          const data = byCounts(both, mine, theirs, none)
          fc.pre(!contradicts(rules))
          const forward = verdictOf({ ...data, rules })
          const backward = verdictOf({ ...data, rules: rules.toReversed() })
          expect(backward.decision).toBe(forward.decision)
          expect(backward.checks.map(({ status }) => status).toReversed()).toEqual(
            forward.checks.map(({ status }) => status),
          )
        },
      ),
      { numRuns: 60, seed: 8 },
    )
  })
})

/** Pairs that `policyProblems` refuses. */
function contradicts(rules: readonly GateRule[]): boolean {
  const all = (key: 'at-least' | 'at-most') => rules.flatMap((rule) => rule[key] ?? [])
  const by = rules.flatMap((rule) => (rule['better-than'] === undefined ? [] : (rule.by ?? 0)))
  const equal = rules.flatMap((rule) =>
    rule['equivalent-to'] === undefined ? [] : (rule.margin ?? 0),
  )
  return (
    Math.max(...all('at-least')) > Math.min(...all('at-most')) ||
    Math.max(...by) > Math.min(...equal)
  )
}
