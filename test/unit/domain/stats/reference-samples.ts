import { readFileSync } from 'node:fs'

/** [size, seed, spread, shift] */
export type Recipe = [number, number, number, number]

export interface CellReference {
  psi: number
  jensenShannon: number
  hellinger: number
  totalVariation: number
}

export interface DriftReference {
  versions: Record<string, string>
  numeric: (CellReference & {
    reference: Recipe
    current: Recipe
    ks: { statistic: number; pValue: number }
    wasserstein: number
    normalisedWasserstein: number
    edges: number[]
    counts: [number[], number[]]
  })[]
  categorical: (CellReference & {
    reference: number[]
    current: number[]
    chiSquare: { statistic: number; degreesOfFreedom: number; pValue: number }
  })[]
  kolmogorov: { n: number; x: number; survival: number }[]
  smirnov: { n: number; x: number; survival: number }[]
  gamma: { a: number; x: number; upper: number; lower: number }[]
}

/** The same integers as `sample` in test/reference/drift/make.py, sorted. */
export function sortedSample([size, seed, spread, shift]: Recipe): Float64Array {
  const values = new Float64Array(size)
  let state = seed
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    values[i] = ((Math.floor(state / 65536) % spread) + shift) / 8
  }
  return values.sort()
}

export function readDriftReference(): DriftReference {
  return JSON.parse(readFileSync('test/reference/drift/reference.json', 'utf8')) as DriftReference
}

/** |a - b| relative to b; 0 for equal, both zero included. */
export function relativeError(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b) / Math.abs(b)
}
