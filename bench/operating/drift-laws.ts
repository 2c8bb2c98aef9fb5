import type { RandomSource } from '../../src/domain/stats/random.js'
import type { Column } from '../../src/domain/table/column.js'
import { heavy, normal } from './random-numbers.js'

/** How one column changed against the reference; nothing unless given. */
export interface Change {
  /** Of numbers, in standard deviations. */
  readonly mean?: number
  readonly spread?: number
  /** Shares of the categories, in place of the law's own. */
  readonly shares?: readonly number[]
  /** The share of missing cells. */
  readonly missing?: number
  /** The share of values of a category that was not there. */
  readonly fresh?: number
}

/** A law that columns are drawn from. */
export interface Law {
  readonly name: string
  readonly draw: (rows: number, random: RandomSource, change?: Change) => Column
}

function numbers(name: string, one: (random: RandomSource) => number, missing = 0): Law {
  return {
    name,
    draw: (rows, random, change = {}) => {
      const lacking = change.missing ?? missing
      const values = new Float64Array(rows)
      let count = 0
      for (let i = 0; i < rows; i++) {
        const value = (change.mean ?? 0) + (change.spread ?? 1) * one(random)
        const gone = lacking > 0 && random.next() < lacking
        values[i] = gone ? Number.NaN : value
        if (gone) count++
      }
      return { kind: 'numeric', type: 'number', name, values, missing: count }
    },
  }
}

function categories(name: string, usual: readonly number[], missing = 0): Law {
  const labels = [...usual.map((_, i) => `v${i}`), 'new']
  return {
    name,
    draw: (rows, random, change = {}) => {
      const sums = cumulated(change.shares ?? usual)
      const lacking = change.missing ?? missing
      const codes = new Int32Array(rows)
      let count = 0
      for (let i = 0; i < rows; i++) {
        const isNew = change.fresh !== undefined && random.next() < change.fresh
        const gone = lacking > 0 && random.next() < lacking
        codes[i] = gone ? -1 : isNew ? usual.length : place(sums, random.next())
        if (gone) count++
      }
      return {
        kind: 'categorical',
        type: 'string',
        name,
        codes,
        categories: labels,
        missing: count,
      }
    },
  }
}

function cumulated(shares: readonly number[]): Float64Array {
  const total = shares.reduce((sum, share) => sum + share, 0)
  let sum = 0
  return Float64Array.from(shares, (share) => {
    sum += share / total
    return sum
  })
}

function place(sums: Float64Array, at: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sums[middle] ?? 1) > at) high = middle
    else low = middle + 1
  }
  return low
}

/** Shares that fall as 1 / rank. */
export function zipf(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => 1 / (i + 1))
}

export const NORMAL = numbers('normal', normal)
export const CLASSES = categories('three classes', [0.5, 0.3, 0.2])
export const HOLES = numbers('normal, 5% missing', normal, 0.05)
export const EQUAL = (count: number): Law =>
  categories(`${count} equal classes`, new Array<number>(count).fill(1))

export const NUMERIC: readonly Law[] = [
  NORMAL,
  numbers("Student's t, 3 degrees", heavy),
  numbers('log-normal', (random) => Math.exp(normal(random))),
  numbers('rounded', (random) => Math.round(30 * Math.exp(normal(random) / 2)) / 2),
  numbers('half zeros', (random) => (random.next() < 0.5 ? 0 : Math.exp(normal(random)))),
  numbers('normal, 10% missing', normal, 0.1),
  numbers('uniform', (random) => random.next()),
]

export const CATEGORICAL: readonly Law[] = [
  CLASSES,
  categories('five classes', [0.4, 0.3, 0.15, 0.1, 0.05]),
  categories('zipf of 50', zipf(50)),
  categories('zipf of 1000', zipf(1000)),
  categories('rare class', [0.995, 0.005]),
  categories('two classes, 10% missing', [0.7, 0.3], 0.1),
  EQUAL(20),
]

/** Numbers and categories in turn. */
export const MIXED: readonly Law[] = NUMERIC.flatMap((law, i) => [law, CATEGORICAL[i] ?? law])
