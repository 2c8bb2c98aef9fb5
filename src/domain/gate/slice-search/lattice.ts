import type { Judge } from './effect.js'
import type { Feature } from './features.js'
import type { Harms } from './harms.js'
import { type Axis, type CellTable, crossTable, type Tally } from './tally.js'

/** One column's value, by index of the feature and code. */
export interface Term {
  readonly feature: number
  readonly code: number
}

/** A slice that may yet be found. Terms are in the order of the features. */
export interface Slice {
  readonly terms: readonly Term[]
  readonly tally: Tally
  readonly pValue: number
}

export interface LatticeInput {
  readonly harms: Harms
  readonly features: readonly Feature[]
  readonly judge: Judge
  readonly minSize: number
  readonly depth: number
  /** Slices of a larger p-value cannot be found at this false discovery rate, and are only counted. */
  readonly rate: number
}

export interface Lattice {
  /** Slices tested, by number of terms: at index 0 those of one. */
  readonly tested: readonly number[]
  readonly promising: readonly Slice[]
  readonly total: Tally
  /** The sums of a slice that is large enough and of fewer than the deepest number of terms. */
  tallyOf(terms: readonly Term[]): Tally | undefined
}

/** All rows as one code. */
function allRows(n: number): Axis {
  return { codes: new Uint8Array(n), size: 1 }
}

/**
 * Sums over all conjunctions of values of up to `depth` columns, level by level as in SliceLine (Sagadeeva & Boehm
 * 2021, "SliceLine: fast, linear-algebra-based slice finding for ML model debugging"): a slice is extended only when it
 * is large enough, since what lies inside it is no larger. A pair of columns costs one pass over the rows for all of
 * their values at once. A slice that holds the very rows of one of its parents is the parent, and is not tested twice.
 */
export function searchLattice(input: LatticeInput): Lattice {
  const walk = new LatticeWalk(input)
  walk.singles()
  if (input.depth >= 2) walk.pairs()
  return walk
}

class LatticeWalk implements Lattice {
  readonly tested: number[]
  readonly promising: Slice[] = []
  readonly total: Tally
  private readonly input: LatticeInput
  private readonly tallies = new Map<string, Tally>()

  constructor(input: LatticeInput) {
    this.input = input
    this.tested = new Array<number>(input.depth).fill(0)
    const every = allRows(input.harms.rows.length)
    this.total = crossTable(input.harms, every, every)(0)
  }

  tallyOf(terms: readonly Term[]): Tally | undefined {
    return this.tallies.get(keyOf(terms))
  }

  singles(): void {
    const every = allRows(this.input.harms.rows.length)
    this.input.features.forEach((feature, index) => {
      const table = crossTable(this.input.harms, every, axisOf(feature))
      for (let code = 1; code < feature.values.length; code++) {
        this.visit([{ feature: index, code }], table(code))
      }
    })
  }

  pairs(): void {
    const { features, harms, depth } = this.input
    features.forEach((left, i) => {
      for (let j = i + 1; j < features.length; j++) {
        const right = features[j]
        if (right === undefined) break
        const table = crossTable(harms, axisOf(left), axisOf(right))
        const kept = this.visitTable(table, {
          prefixes: left.values.map((_, code) => [{ feature: i, code }]),
          feature: j,
          size: right.values.length,
        })
        if (depth >= 3 && kept.length > 0) this.triples({ left, right, last: j, kept })
      }
    })
  }

  private triples(pair: PairOfColumns): void {
    const { features, harms } = this.input
    const axis = pairAxis(pair)
    for (let k = pair.last + 1; k < features.length; k++) {
      const feature = features[k]
      if (feature === undefined) break
      this.visitTable(crossTable(harms, axis, axisOf(feature)), {
        prefixes: [[], ...pair.kept],
        feature: k,
        size: feature.values.length,
      })
    }
  }

  /** Every slice of a table that is large enough and not its parent again. */
  private visitTable(table: CellTable, { prefixes, feature, size }: TableShape): Term[][] {
    const kept: Term[][] = []
    for (let row = 1; row < prefixes.length; row++) {
      for (let code = 1; code < size; code++) {
        const tally = table(row * size + code)
        if (tally.n < this.input.minSize) continue
        const terms = [...(prefixes[row] ?? []), { feature, code }]
        if (this.visit(terms, tally)) kept.push(terms)
      }
    }
    return kept
  }

  /** Whether the slice is large enough, and of other rows than its parents. */
  private visit(terms: readonly Term[], tally: Tally): boolean {
    const { minSize, depth, harms } = this.input
    if (tally.n < minSize) return false
    if (terms.length < depth) this.tallies.set(keyOf(terms), tally)
    if (this.parents(terms).some((parent) => parent.n === tally.n)) return false
    const rest = this.total.n - tally.n
    if (harms.against === 'rest' && rest < minSize) return true
    this.test(terms, tally)
    return true
  }

  private parents(terms: readonly Term[]): Tally[] {
    if (terms.length === 1) return [this.total]
    return parentsOf(terms).flatMap((parent) => this.tallyOf(parent) ?? [])
  }

  private test(terms: readonly Term[], tally: Tally): void {
    const { judge, rate } = this.input
    // A slice that could not be found however its examples fell is no test (Tarone 1990; Gilbert 2005).
    if (judge.leastP(tally, this.total) > rate) return
    const level = terms.length - 1
    this.tested[level] = (this.tested[level] ?? 0) + 1
    const pValue = judge.pValue(tally, this.total)
    if (pValue <= rate) this.promising.push({ terms, tally, pValue })
  }
}

interface PairOfColumns {
  readonly left: Feature
  readonly right: Feature
  /** The index of `right`. */
  readonly last: number
  readonly kept: readonly Term[][]
}

interface TableShape {
  /** Terms of the first axis by its codes. */
  readonly prefixes: readonly (readonly Term[])[]
  readonly feature: number
  readonly size: number
}

function axisOf(feature: Feature): Axis {
  return { codes: feature.codes, size: feature.values.length }
}

/** The kept slices of two columns as codes from 1 on. */
function pairAxis({ left, right, kept }: PairOfColumns): Axis {
  const width = right.values.length
  const places = new Int32Array(left.values.length * width)
  kept.forEach(([first, second], index) => {
    places[(first?.code ?? 0) * width + (second?.code ?? 0)] = index + 1
  })
  const codes = new Int32Array(left.codes.length)
  for (let i = 0; i < codes.length; i++) {
    codes[i] = places[(left.codes[i] ?? 0) * width + (right.codes[i] ?? 0)] ?? 0
  }
  return { codes, size: kept.length + 1 }
}

/** The slices of one term fewer that hold this one. */
export function parentsOf(terms: readonly Term[]): Term[][] {
  return terms.map((left) => terms.filter((term) => term !== left))
}

function keyOf(terms: readonly Term[]): string {
  return terms.map(({ feature, code }) => `${feature}:${code}`).join(' ')
}
