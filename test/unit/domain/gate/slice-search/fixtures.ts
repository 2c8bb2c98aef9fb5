import { createRandom, type RandomSource } from '../../../../../src/domain/stats/random.js'
import type { CategoricalColumn, NumericColumn } from '../../../../../src/domain/table/column.js'

export function texts(name: string, cells: readonly (string | null)[]): CategoricalColumn {
  const categories = [...new Set(cells.filter((cell) => cell !== null))]
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : categories.indexOf(cell)))
  const missing = cells.filter((cell) => cell === null).length
  return { kind: 'categorical', name, type: 'string', codes, categories, missing }
}

export function numbers(name: string, cells: readonly number[]): NumericColumn {
  const values = Float64Array.from(cells)
  return {
    kind: 'numeric',
    name,
    type: 'number',
    values,
    missing: values.filter(Number.isNaN).length,
  }
}

/** Four columns of categories of unequal size and two of numbers. */
export function randomColumns(random: RandomSource, n: number) {
  const categorical = [2, 3, 5, 8].map((size, i) =>
    texts(
      `c${i}`,
      Array.from({ length: n }, () => `v${Math.floor(size * random.next() ** 2)}`),
    ),
  )
  const numeric = [0, 1].map((i) =>
    numbers(
      `x${i}`,
      Array.from({ length: n }, () => random.next()),
    ),
  )
  return [...categorical, ...numeric]
}

export type Kind =
  | 'paired 0/1'
  | 'paired losses'
  | '0/1 against the rest'
  | 'losses against the rest'

/** Scores of the two models; `isBad` rows are worse by the planted harm, which is returned too. */
export function randomScore(kind: Kind, random: RandomSource, bad: readonly boolean[]) {
  const exponential = () => -Math.log(1 - random.next())
  const candidate = new Float64Array(bad.length)
  const baseline = new Float64Array(bad.length)
  for (let i = 0; i < bad.length; i++) {
    const u = random.next()
    if (kind === 'paired 0/1') {
      const worse = bad[i] ? 0.2 : 0.05
      const both = random.next() < 0.8 ? 1 : 0
      baseline[i] = u < worse ? 1 : u < worse + 0.05 ? 0 : both
      candidate[i] = u < worse ? 0 : u < worse + 0.05 ? 1 : both
    } else if (kind === '0/1 against the rest') {
      candidate[i] = u < (bad[i] ? 0.3 : 0.1) ? 0 : 1
    } else {
      baseline[i] = exponential() ** 2
      candidate[i] = exponential() ** 2 + (bad[i] ? 2 : 0)
    }
  }
  return {
    name: 'score',
    direction: kind.includes('0/1') ? ('higher' as const) : ('lower' as const),
    candidate,
    baseline: kind.startsWith('paired') ? baseline : undefined,
  }
}

export const HARM: Readonly<Record<Kind, number>> = {
  'paired 0/1': 0.15,
  'paired losses': 2,
  '0/1 against the rest': 0.2,
  'losses against the rest': 2,
}

export { createRandom }
