import type { RandomSource } from '../../stats/random.js'
import { sortOrder } from '../../stats/sort-order.js'

/** Fewer stretches than this on either side have too few orders for a p-value below 0.01. */
export const FEWEST_BLOCKS = 6
/** Stretches this many correlation times long hardly depend on their neighbours (checked by simulation). */
const TIMES = 2.5

export interface BlockTest {
  readonly pValue: number
  /** Values in a stretch. */
  readonly blockLength: number
  /** Stretches in each sample. */
  readonly blocks: number
}

export interface BlockInput {
  /** In the order of time. */
  readonly reference: Float64Array
  readonly current: Float64Array
  /** See `correlationTime`; may be infinite. */
  readonly correlationTime: number
  readonly permutations: number
  readonly random: RandomSource
}

/**
 * Whether two stretches of a series are of one distribution: the area between their distribution functions against what
 * it is when whole blocks of neighbouring values change places between the two (Carlstein 1986; Kirch 2007 on block
 * permutation). Values next to each other stay together, so that correlation in time alone does not alarm. Both samples
 * should be about as long. Fewer than six blocks in either: undefined.
 */
export function blockPermutationTest(input: BlockInput): BlockTest | undefined {
  const { reference, current, correlationTime, permutations, random } = input
  const blockLength = correlationTime <= 1.3 ? 1 : Math.ceil(TIMES * correlationTime)
  const blocks = Math.min(
    Math.floor(reference.length / blockLength),
    Math.floor(current.length / blockLength),
  )
  if (!(blocks >= FEWEST_BLOCKS)) return undefined
  const layout = layOut(reference, current, blocks)
  const sides = Uint8Array.from({ length: 2 * blocks }, (_, block) => (block < blocks ? 0 : 1))
  const observed = areaBetween(layout, sides)
  let asLarge = 1
  for (let i = 0; i < permutations; i++) {
    shuffle(sides, random)
    // A sum in another order of the same terms may differ in its last digit.
    if (areaBetween(layout, sides) >= observed * (1 - 1e-9)) asLarge++
  }
  return { pValue: asLarge / (permutations + 1), blockLength, blocks }
}

interface Layout {
  readonly sorted: Float64Array
  /** The block of each sorted value. */
  readonly block: Uint32Array
  /** How many values each block holds. */
  readonly sizes: Uint32Array
}

/** Both samples cut into the same count of blocks, the values of both sorted together. */
function layOut(reference: Float64Array, current: Float64Array, blocks: number): Layout {
  const all = new Float64Array(reference.length + current.length)
  all.set(reference)
  all.set(current, reference.length)
  const order = sortOrder(all)
  const blockOf = (index: number): number =>
    index < reference.length
      ? Math.floor((index * blocks) / reference.length)
      : blocks + Math.floor(((index - reference.length) * blocks) / current.length)
  const block = Uint32Array.from(order, blockOf)
  const sizes = new Uint32Array(2 * blocks)
  for (const one of block) sizes[one] = (sizes[one] ?? 0) + 1
  return { sorted: Float64Array.from(order, (index) => all[index] ?? 0), block, sizes }
}

/** Written without a call: it runs a thousand times over all values. */
function areaBetween({ sorted, block, sizes }: Layout, sides: Uint8Array): number {
  let inReference = 0
  for (let i = 0; i < sizes.length; i++) if (sides[i] === 0) inReference += sizes[i] ?? 0
  const up = 1 / inReference
  const down = 1 / (sorted.length - inReference)
  let gap = 0
  let area = 0
  let previous = sorted[0] ?? 0
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] ?? 0
    area += (gap < 0 ? -gap : gap) * (value - previous)
    gap += sides[block[i] ?? 0] === 0 ? up : -down
    previous = value
  }
  return area
}

/** Fisher and Yates. */
function shuffle(sides: Uint8Array, random: RandomSource): void {
  for (let i = sides.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = sides[i] ?? 0
    sides[i] = sides[j] ?? 0
    sides[j] = kept
  }
}
