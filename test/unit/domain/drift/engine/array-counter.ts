import { type Buckets, bucketOf } from '../../../../../src/domain/drift/engine/buckets.js'
import {
  type CellInside,
  inUnits,
  type Units,
} from '../../../../../src/domain/drift/engine/cells.js'
import type {
  BucketCell,
  BucketStart,
  NumberCounter,
  NumberSummary,
  SideSummary,
  ValueCount,
  ValueRange,
} from '../../../../../src/domain/drift/engine/number-counter.js'
import type { Sides } from '../../../../../src/domain/drift/predicate.js'

export interface Asked {
  /** How many rows answers had in all. */
  rows: number
  inside: number
}

interface Entry {
  readonly side: keyof Sides
  readonly value: number
}

/** Answers what an engine is asked, from arrays: a plain group-by, which knows nothing of the method. */
export function arrayCounter(
  reference: readonly number[],
  current: readonly number[],
  { windows }: { readonly windows: boolean },
): NumberCounter & { readonly asked: Asked } {
  const all: readonly Entry[] = [
    ...reference.map((value) => ({ side: 'reference' as const, value })),
    ...current.map((value) => ({ side: 'current' as const, value })),
  ].sort((a, b) => a.value - b.value)
  const within = (ranges: readonly ValueRange[] | undefined) =>
    ranges?.flatMap(({ min, max }) =>
      all.slice(
        firstIndex(all, (value) => value >= min),
        firstIndex(all, (value) => value > max),
      ),
    ) ?? all
  const asked: Asked = { rows: 0, inside: 0 }
  return {
    asked,
    values: async (ranges, most) => {
      const groups = groupBy(within(ranges), ({ value }) => value)
      if (groups.size > most) return undefined
      asked.rows += groups.size
      return [...groups].map(([value, own]): ValueCount => ({ value, counts: countsOf(own) }))
    },
    buckets: async (buckets, units, ranges) => {
      const groups = groupBy(within(ranges), ({ value }) => bucketOf(value, buckets))
      asked.rows += groups.size
      return [...groups].map(([bucket, own]) => cellOf(bucket, own, units))
    },
    inside: windows
      ? async (buckets, starts) => {
          asked.inside++
          asked.rows += starts.length
          return insides(all, buckets, {
            starts,
            sizes: { reference: reference.length, current: current.length },
          })
        }
      : undefined,
  }
}

function firstIndex(entries: readonly Entry[], holds: (value: number) => boolean): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(entries[middle]?.value ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}

function groupBy(entries: readonly Entry[], keyOf: (entry: Entry) => number): Map<number, Entry[]> {
  const groups = new Map<number, Entry[]>()
  for (const entry of entries) {
    const key = keyOf(entry)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [entry])
    else group.push(entry)
  }
  return groups
}

function countsOf(entries: readonly Entry[]): Sides {
  const reference = entries.filter(({ side }) => side === 'reference').length
  return { reference, current: entries.length - reference }
}

function cellOf(bucket: number, own: readonly Entry[], units: Units): BucketCell {
  const sum = (side: keyof Sides, power: 1 | 2) =>
    own
      .filter((entry) => entry.side === side)
      .reduce((total, { value }) => total + inUnits(value, units) ** power, 0)
  return {
    bucket,
    min: own.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY),
    max: own.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY),
    counts: countsOf(own),
    sums: { reference: sum('reference', 1), current: sum('current', 1) },
    squares: { reference: sum('reference', 2), current: sum('current', 2) },
  }
}

function insides(
  all: readonly Entry[],
  buckets: Buckets,
  { starts, sizes }: { readonly starts: readonly BucketStart[]; readonly sizes: Sides },
): ReadonlyMap<number, CellInside> {
  const groups = groupBy(all, ({ value }) => bucketOf(value, buckets))
  return new Map(
    starts.map(({ bucket, before }) => {
      const own = (groups.get(bucket) ?? []).toSorted((a, b) => a.value - b.value)
      let { reference: i, current: j } = before
      let steps = 0
      let area = 0
      for (const [index, { side, value }] of own.entries()) {
        if (side === 'reference') i++
        else j++
        const next = own[index + 1]?.value
        if (next === value) continue
        steps = Math.max(steps, Math.abs(i * sizes.current - j * sizes.reference))
        const width = (next ?? value) - value
        area += Math.abs(i / sizes.reference - j / sizes.current) * width
      }
      return [bucket, { steps, area }]
    }),
  )
}

/** What one scan tells; quantiles are off by up to `error` of all ranks. */
export function summaryOf(
  reference: readonly number[],
  current: readonly number[],
  shift = 0,
): NumberSummary {
  return { reference: sideOf(reference, shift), current: sideOf(current, -shift) }
}

function sideOf(values: readonly number[], shift: number): SideSummary {
  const sorted = values.toSorted((a, b) => a - b)
  const quantiles = Array.from({ length: 32 }, (_, i) => {
    const rank = Math.floor(((i + 1) / 33 + shift) * sorted.length)
    return sorted[Math.min(sorted.length - 1, Math.max(0, rank))] ?? 0
  })
  return {
    count: sorted.length,
    min: sorted[0] ?? Number.POSITIVE_INFINITY,
    max: sorted.at(-1) ?? Number.NEGATIVE_INFINITY,
    distinct: new Set(sorted).size,
    quantiles: sorted.length === 0 ? [] : quantiles,
  }
}
