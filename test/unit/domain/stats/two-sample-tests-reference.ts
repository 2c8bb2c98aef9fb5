import { readReference } from './close.js'

/** [size, seed, spread, shift, kind] */
export type SampleRecipe = [number, number, number, number, 'grid' | 'heavy']

export interface TestValue {
  statistic: number
  pValue: number
}

/** Null where scipy has no answer. */
export interface NumericReference {
  reference: SampleRecipe
  current: SampleRecipe
  andersonDarling: TestValue | null
  cramerVonMises: TestValue | null
  mannWhitney: TestValue | null
  tTest: TestValue | null
  eppsSingleton: TestValue | null
  energy: number
}

interface TwoSampleReference {
  versions: Record<string, string>
  numeric: NumericReference[]
  categorical: {
    reference: number[]
    current: number[]
    chiSquare: TestValue
    gTest: TestValue
    kullbackLeibler: number
    lInfinity: number
    cramersV: number
  }[]
  twoByTwo: {
    events: [number, number]
    sizes: [number, number]
    fisher: { oddsRatio: number | null; pValue: number }
    z: TestValue
  }[]
  andersonDarlingLimit: { x: number; survival: number }[]
  cramerVonMisesLimit: { x: number; survival: number }[]
}

export const twoSampleReference = readReference<TwoSampleReference>('two-sample-tests')

/** The same values as `sample` in test/reference/stats/two-sample-tests.py, sorted. */
export function recipeSample([size, seed, spread, shift, kind]: SampleRecipe): Float64Array {
  const values = new Float64Array(size)
  let state = seed
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    const whole = (state >> 8) % spread
    values[i] = ((kind === 'heavy' ? 1 / (whole + 1) ** 2 : whole) + shift) / 8
  }
  return values.sort()
}
