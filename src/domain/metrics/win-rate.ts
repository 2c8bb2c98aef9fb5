import { unitMetric } from './unit-metrics.js'

const OUTCOMES: ReadonlyMap<string, number> = new Map([
  ['win', 1],
  ['tie', 0.5],
  ['loss', 0],
])

/** The number of a comparison's outcome: 1 for `win`, 0.5 for `tie`, 0 for `loss`, in any case; undefined for other text. */
export function outcomeScore(text: string): number | undefined {
  return OUTCOMES.get(text.trim().toLowerCase())
}

/** Mean outcome of comparisons with another model: a win counts 1, a tie 1/2, a loss 0; any number between is taken as it is. */
export const winRate = unitMetric({
  name: 'win-rate',
  summary: 'Share of comparisons won, ties counting half, averaged over examples.',
  tasks: ['generation'],
  direction: 'higher',
  needs: ['score'],
  range: [0, 1],
  unlabelled: true,
  unit: 'example',
  unitNeeds: 'scores inside [0, 1]: win (1), tie (0.5) or loss (0)',
  perUnit({ scores }) {
    let sum = 0
    for (const score of scores) {
      if (!(score >= 0 && score <= 1)) return undefined
      sum += score
    }
    return scores.length > 0 ? sum / scores.length : undefined
  },
})
