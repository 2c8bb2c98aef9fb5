import { chiSquareTwoSample } from '../../stats/chi-square.js'
import { jensenShannonDistance } from '../../stats/jensen-shannon.js'
import { type CellCounts, toShares, total } from '../../stats/shares.js'
import { FEWEST_VALUES } from '../policy.js'
import type { Histogram } from '../predicate.js'
import { shortNumber } from '../wording.js'
import type { CumulativeCounts, HistogramReading, TimeRange } from './operational-query.js'
import { type Finding, type OperationalWindow, windowOf } from './operational-result.js'

/**
 * Whether the observations that a histogram of Prometheus counted in two ranges are of one distribution: the
 * Jensen-Shannon distance of the buckets that both have, and Pearson's chi-square for its p-value. Counts that `increase`
 * extrapolates are no whole numbers, so that both are estimates. Fewer than 30 observations: `inconclusive`; none at all:
 * `no-data`. A distance over the limit has the level as its status until its p-value is corrected.
 */
export function compareHistograms(reading: HistogramReading): Finding {
  const { query, now, before, current, earlier } = reading
  const base = {
    rule: 'compare-with' as const,
    of: 'jensen-shannon',
    limit: query.over,
    evidence: 'test' as const,
    window: windowFor(now, current),
    before: before === undefined ? null : windowFor(before, earlier),
  }
  if (observations(current) === 0 || observations(earlier) === 0) {
    const when =
      observations(current) === 0 ? 'in this time' : 'in the time that it is compared with'
    return { ...base, status: 'no-data', reason: `nothing was observed ${when}` }
  }
  return { ...base, ...compared(reading) }
}

type Compared = Pick<Finding, 'status' | 'reason' | 'value' | 'pValue' | 'histogram'>

function compared({ query, current, earlier }: HistogramReading): Compared {
  const cells = commonCells(earlier, current)
  if (cells === undefined) {
    return { status: 'inconclusive', reason: 'the two ranges have no bucket in common' }
  }
  const value = jensenShannonDistance(cells.counts) ?? null
  const histogram = drawn(cells)
  const fewest = Math.min(total(cells.counts.reference), total(cells.counts.current))
  if (fewest < FEWEST_VALUES) {
    const reason = `only ${Math.round(fewest)} observations in one of the ranges; ${FEWEST_VALUES} are needed`
    return { status: 'inconclusive', reason, value, histogram }
  }
  const far = value !== null && value > query.over
  return {
    status: far ? query.level : 'pass',
    reason: `jensen-shannon ${shortNumber(value ?? 0)} is ${far ? 'over' : 'within'} ${query.over}`,
    value,
    pValue: chiSquareTwoSample(cells.counts)?.pValue ?? null,
    histogram,
  }
}

interface Cells {
  /** Upper bounds, the last one infinite. */
  readonly bounds: readonly number[]
  readonly counts: CellCounts
}

/** The buckets between bounds that both have: counts up to a bound do not depend on the other bounds. */
function commonCells(
  earlier: CumulativeCounts | undefined,
  current: CumulativeCounts | undefined,
): Cells | undefined {
  const known = new Map(pairs(earlier))
  const both = pairs(current).filter(([bound]) => known.has(bound))
  if (both.length < 2) return undefined
  return {
    bounds: both.map(([bound]) => bound),
    counts: {
      reference: differences(both.map(([bound]) => known.get(bound) ?? 0)),
      current: differences(both.map(([, count]) => count)),
    },
  }
}

function pairs(counts: CumulativeCounts | undefined): [number, number][] {
  if (counts === undefined) return []
  return Array.from(counts.bounds, (bound, i) => [bound, counts.counts[i] ?? 0])
}

/** Buckets that were scraped a moment apart may seem to fall; there is nothing in them then. */
function differences(cumulative: readonly number[]): Float64Array {
  let highest = 0
  return Float64Array.from(cumulative, (count) => {
    const inside = Math.max(0, count - highest)
    highest = Math.max(highest, count)
    return inside
  })
}

function observations(counts: CumulativeCounts | undefined): number {
  return counts?.counts.reduce((most, count) => Math.max(most, count), 0) ?? 0
}

function windowFor(range: TimeRange, counts: CumulativeCounts | undefined): OperationalWindow {
  return windowOf(range, { values: Math.round(observations(counts)) })
}

/** Shares by bucket. The open bucket at each end is drawn as wide as its neighbour. */
function drawn({ bounds, counts }: Cells): Histogram | null {
  const shares = toShares(counts)
  const finite = bounds.filter((bound) => Number.isFinite(bound))
  const [first] = finite
  const last = finite.at(-1)
  if (shares === undefined || first === undefined || last === undefined) return null
  const lowWidth = (finite[1] ?? first + 1) - first
  const highWidth = last - (finite.at(-2) ?? last - 1)
  const start = first > 0 && first <= 2 * lowWidth ? 0 : first - lowWidth
  return {
    kind: 'numeric',
    edges: [start, ...finite, last + highWidth],
    reference: [...shares.reference],
    current: [...shares.current],
  }
}
