import { unitMetric } from './unit-metrics.js'

/**
 * The chance that one of k samples of an example is right, estimated without bias from its n >= k samples of which c are right (a
 * score of 1; 0 is wrong, and a judge's marks are neither): 1 - C(n - c, k) / C(n, k) (Chen et al. 2021, arXiv:2107.03374). No number with fewer than k samples.
 */
export const passAtK = unitMetric({
  name: 'pass-at-k',
  summary: 'Chance that one of k samples of an example is right, averaged over examples.',
  tasks: ['generation'],
  direction: 'higher',
  needs: ['score'],
  range: [0, 1],
  unlabelled: true,
  k: 'required',
  unit: 'example',
  unitNeeds: 'at least k samples, each with a score of 0 or 1',
  perUnit({ scores }, { k = 1 }) {
    const n = scores.length
    if (n < k || scores.some((score) => score !== 0 && score !== 1)) return undefined
    let right = 0
    for (const score of scores) if (score === 1) right++
    if (n - right < k) return 1
    // The paper's product: k factors of the ratio, none of which overflows.
    let allWrong = 1
    for (let i = 0; i < k; i++) allWrong *= (n - right - i) / (n - i)
    return 1 - allWrong
  },
})
