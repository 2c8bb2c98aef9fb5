import { adjustPValues } from '../../stats/multiplicity.js'
import type { Effect, Judge } from './effect.js'
import type { Feature } from './features.js'
import type { Harms } from './harms.js'
import { type Lattice, parentsOf, type Slice } from './lattice.js'
import { type Tally, tallyOf, without } from './tally.js'

/** A slice below the false discovery rate. */
export interface Discovery extends Slice {
  readonly adjustedPValue: number
}

export interface Discoveries {
  readonly slices: readonly Discovery[]
  /** The largest p-value among them. */
  readonly cutOff: number
  readonly tested: number
}

/**
 * The slices that hold the false discovery rate over all that were tested (Benjamini & Hochberg 1995). One-sided tests
 * of slices that overlap depend positively, where the procedure is valid (Benjamini & Yekutieli 2001); the slices of
 * one column against the rest depend a little negatively, where simulation says the same (Reiner-Benavides 2007, and
 * the tests of this folder). Yekutieli's factor, the logarithm of the number of slices, would cost most of the power.
 */
export function discoveries(lattice: Lattice, rate: number): Discoveries {
  const tested = lattice.tested.reduce((sum, count) => sum + count, 0)
  const adjusted = adjustedAmong(
    lattice.promising.map(({ pValue }) => pValue),
    tested,
  )
  const slices = lattice.promising.flatMap((slice, i) => {
    const adjustedPValue = adjusted[i] ?? 1
    return adjustedPValue <= rate ? [{ ...slice, adjustedPValue }] : []
  })
  const cutOff = slices.reduce((most, { pValue }) => Math.max(most, pValue), 0)
  return { slices, cutOff, tested }
}

/** Benjamini-Hochberg when only the smallest p-values of a family are at hand: the others change nothing for them. */
function adjustedAmong(smallest: readonly number[], family: number): number[] {
  const scale = family / Math.max(1, smallest.length)
  return adjustPValues(smallest, 'benjamini-hochberg').map((p, i) =>
    // Never below the p-value itself, which rounding could bring about.
    Math.max(smallest[i] ?? 0, Math.min(1, p * scale)),
  )
}

/**
 * Leaves out conjunctions that say no more than one of their parents: a slice of several columns stays only where the
 * candidate is clearly worse than on the other rows of each slice that contains it, at the same false discovery rate
 * over all conjunctions that were tested.
 */
export function refined(
  found: Discoveries,
  lattice: Lattice,
  { judge, rate }: { readonly judge: Judge; readonly rate: number },
): Discovery[] {
  const conjunctions = found.slices.filter(({ terms }) => terms.length > 1)
  const family = lattice.tested.slice(1).reduce((sum, count) => sum + count, 0)
  const worst = conjunctions.map((slice) => worstRefinement(slice, lattice, judge))
  const adjusted = adjustedAmong(worst, family)
  const clear = new Set(conjunctions.filter((_, i) => (adjusted[i] ?? 1) <= rate))
  return found.slices.filter((slice) => slice.terms.length === 1 || clear.has(slice))
}

function worstRefinement({ terms, tally }: Slice, lattice: Lattice, judge: Judge): number {
  const parents = parentsOf(terms).flatMap((parent) => lattice.tallyOf(parent) ?? [])
  return Math.max(0, ...parents.map((parent) => judge.refinement(tally, parent)))
}

/** A discovery with the size of its harm. */
export interface Ranked extends Discovery {
  readonly effect: Effect
}

/** After so many the reviewer has seen enough, and the rest would only cost time. */
const MOST_EXAMINED = 500

export interface Covering {
  readonly harms: Harms
  readonly features: readonly Feature[]
  readonly judge: Judge
  readonly total: Tally
  readonly minSize: number
  readonly cutOff: number
  readonly most: number
}

/**
 * Goes through the slices from the worst on and keeps one only when what is left of it, outside the rows of those kept
 * before, is still large enough and would have been found by itself. Slices that mostly share their rows are so
 * reported once, by the worst of them (the request of giskard#1845), and a slice inside a reported one never.
 */
export function covering(ranked: readonly Ranked[], input: Covering): Ranked[] {
  const covered = new Uint8Array(input.harms.rows.length)
  const places = placesIndex(input.features)
  const kept: Ranked[] = []
  let universe = input.total
  for (const slice of ranked.slice(0, MOST_EXAMINED)) {
    const left = places(slice).filter((place) => covered[place] === 0)
    if (left.length < input.minSize) continue
    const tally = tallyOf(input.harms, left)
    if (!stillFound(tally, universe, input)) continue
    kept.push(slice)
    if (kept.length === input.most) break
    for (const place of left) covered[place] = 1
    universe = without(universe, tally)
  }
  return kept
}

function stillFound(tally: Tally, universe: Tally, { harms, judge, ...input }: Covering): boolean {
  if (harms.against === 'rest' && universe.n - tally.n < input.minSize) return false
  return judge.pValue(tally, universe) <= input.cutOff
}

/** A slice's places in the harms' order, ascending, by way of its rarest value. */
function placesIndex(features: readonly Feature[]): (slice: Slice) => Uint32Array {
  const byFeature = new Map<number, readonly Uint32Array[]>()
  const bucketsOf = (index: number): readonly Uint32Array[] => {
    const known = byFeature.get(index)
    if (known !== undefined) return known
    const feature = features[index]
    const buckets = feature === undefined ? [] : placesByCode(feature)
    byFeature.set(index, buckets)
    return buckets
  }
  return ({ terms }) => {
    const buckets = terms.map(({ feature, code }) => bucketsOf(feature)[code] ?? new Uint32Array())
    const rarest = buckets.reduce((least, next) => (next.length < least.length ? next : least))
    const conditions = terms.flatMap(({ feature, code }) => {
      const codes = features[feature]?.codes
      return codes === undefined ? [] : [{ codes, code }]
    })
    return rarest.filter((place) => conditions.every(({ codes, code }) => codes[place] === code))
  }
}

function placesByCode({ codes, values }: Feature): Uint32Array[] {
  const sizes = new Uint32Array(values.length)
  for (let i = 0; i < codes.length; i++) sizes[codes[i] ?? 0] = (sizes[codes[i] ?? 0] ?? 0) + 1
  const buckets = Array.from(sizes, (size) => new Uint32Array(size))
  const filled = new Uint32Array(values.length)
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0
    const place = filled[code] ?? 0
    const bucket = buckets[code]
    if (bucket !== undefined) bucket[place] = i
    filled[code] = place + 1
  }
  return buckets
}
