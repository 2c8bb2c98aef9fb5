import { createBinomialEProcess } from '../../stats/binomial-e-process.js'
import { logMeanExp, logSpaced } from '../../stats/log-mean-exp.js'

/** Evidence that the mean loss is above a bound, however often one looks. Before any losses it is 0. */
export interface LossProcess {
  update(losses: Float64Array): void
  /** Natural logarithm: reaches log(1 / alpha) with probability at most alpha where the bound holds. */
  logEValue(): number
}

/** Losses that are 0 or 1; the bound inside (0, 1). */
export function binaryLosses(bound: number): LossProcess {
  const process = createBinomialEProcess({ rate: bound, direction: 'above' })
  return {
    update(losses) {
      let events = 0
      for (const loss of losses) events += loss
      process.update({ n: losses.length, events })
    },
    logEValue: () => process.logEValue(),
  }
}

const STAKES = 25
const LEAST_STAKE = 0.004
const LARGEST_STAKE = 0.9
/** So many factors are multiplied before a logarithm is taken. */
const TOGETHER = 16
/** Losses beyond this many bounds count as that many, which costs evidence and no validity: products stay finite. */
const LARGEST = 1e15

/**
 * Losses of at least 0, the bound positive: the mean over fixed stakes of the wealth of a bet that the next loss lies above the bound
 * (Waudby-Smith & Ramdas 2024, J. R. Statist. Soc. B 86:1-27). Exact at every look for any such losses, with or
 * without an upper end, also when their mean wanders below the bound.
 */
export function bettingLosses(bound: number): LossProcess {
  const stakes = logSpaced(LEAST_STAKE, LARGEST_STAKE, STAKES)
  const logWealth = new Array<number>(STAKES).fill(0)
  return {
    update(losses) {
      const excess = losses.map((loss) => Math.min(LARGEST, loss / bound) - 1)
      stakes.forEach((stake, k) => {
        logWealth[k] = (logWealth[k] ?? 0) + logGain(excess, stake)
      })
    },
    logEValue: () => logMeanExp(logWealth),
  }
}

/** `excess` are losses over the bound, minus 1. */
function logGain(excess: Float64Array, stake: number): number {
  let sum = 0
  let product = 1
  for (let i = 0; i < excess.length; i++) {
    product *= 1 + stake * (excess[i] ?? 0)
    if (i % TOGETHER === TOGETHER - 1) {
      sum += Math.log(product)
      product = 1
    }
  }
  return sum + Math.log(product)
}
