import { midranks } from './midranks.js'
import { sortOrder } from './sort-order.js'

/** Below this, a correlation is too near 1 for its spread to be told. */
const LEAST_REST = 1e-9

/**
 * The variance of the square root of n times Spearman's correlation, whatever the law of the two columns: the mean square of its
 * influence function (Croux & Dehon 2010, Statistical Methods & Applications 19:497-515), with ties as midranks. Bonett and Wright's
 * 1 + r^2 / 2 holds near the normal law only: a product of spreads, or a mixture, may have twice that. Rows with NaN are left out.
 * Fewer than ten rows, or a constant column -> undefined.
 */
export function spearmanVariance(
  one: Float64Array,
  other: Float64Array,
): { readonly rho: number; readonly variance: number } | undefined {
  const x = completeRows(one, other)
  const y = completeRows(other, one)
  if (x.length < 10) return undefined
  const first = centredShares(x)
  const second = centredShares(y)
  const varianceX = meanProduct(first.shares, first.shares)
  const varianceY = meanProduct(second.shares, second.shares)
  if (!(varianceX > 0 && varianceY > 0)) return undefined
  const scale = Math.sqrt(varianceX * varianceY)
  const rho = meanProduct(first.shares, second.shares) / scale
  const covarianceParts = influence(first, second)
  const partsX = influence(first, first)
  const partsY = influence(second, second)
  let sum = 0
  let squares = 0
  for (let i = 0; i < x.length; i++) {
    const spreads = (partsX[i] ?? 0) / varianceX + (partsY[i] ?? 0) / varianceY
    const part = (covarianceParts[i] ?? 0) / scale - (rho / 2) * spreads
    sum += part
    squares += part * part
  }
  return { rho, variance: squares / x.length - (sum / x.length) ** 2 }
}

/** How many times as large Fisher's z varies as under Bonett and Wright's formula; 1 where it cannot be told. */
export function excessOfSpearman(one: Float64Array, other: Float64Array): number {
  const found = spearmanVariance(one, other)
  if (found === undefined || 1 - Math.abs(found.rho) < LEAST_REST) return 1
  const { rho, variance } = found
  return variance / (1 - rho * rho) ** 2 / (1 + (rho * rho) / 2)
}

function completeRows(values: Float64Array, others: Float64Array): Float64Array {
  return values.filter((value, i) => !Number.isNaN(value + (others[i] ?? 0)))
}

interface Shares {
  /** For each row the share of rows below it, ties half, less one half. */
  readonly shares: Float64Array
  readonly order: Uint32Array
}

function centredShares(values: Float64Array): Shares {
  const ranks = midranks(values)
  const shares = ranks.map((rank) => (rank - 0.5) / values.length - 0.5)
  return { shares, order: sortOrder(ranks) }
}

function meanProduct(one: Float64Array, other: Float64Array): number {
  let sum = 0
  for (let i = 0; i < one.length; i++) sum += (one[i] ?? 0) * (other[i] ?? 0)
  return sum / one.length
}

/** What each row does to the mean product of two columns' shares: by its own product, and by raising the shares above it. */
function influence(one: Shares, other: Shares): Float64Array {
  const throughOne = meansAbove(one, other.shares)
  const throughOther = meansAbove(other, one.shares)
  return throughOne.map((part, i) => {
    const own = (one.shares[i] ?? 0) * (other.shares[i] ?? 0)
    return own + part + (throughOther[i] ?? 0)
  })
}

/** For each row the sum of weights of the rows above it, and half of those level with it, over the number of rows. */
function meansAbove({ shares, order }: Shares, weights: Float64Array): Float64Array {
  const result = new Float64Array(order.length)
  let above = 0
  for (let end = order.length; end > 0; ) {
    const share = shares[order[end - 1] ?? 0]
    let start = end
    let level = 0
    while (start > 0 && shares[order[start - 1] ?? 0] === share) {
      start--
      level += weights[order[start] ?? 0] ?? 0
    }
    for (let i = start; i < end; i++) result[order[i] ?? 0] = (above + level / 2) / order.length
    above += level
    end = start
  }
  return result
}
