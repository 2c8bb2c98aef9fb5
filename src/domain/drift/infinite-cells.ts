import { type Chance, shareChance } from './learning/learned.js'
import type { Sides } from './predicate.js'
import type { ColumnPair } from './samples.js'
import { cellsPValue, sharesOf } from './share-test.js'

/** What a column's infinite cells say; they are in no statistic of its values. */
export interface InfiniteCells {
  readonly infinities: Sides
  readonly infiniteShares: Sides
  /** Of the cells, those that are -Infinity; undefined where nobody has looked at signs. */
  readonly negativeShares: Sides | undefined
  /** The largest change of the shares of infinite cells, of those that are Infinity, and of those that are -Infinity. */
  readonly infinityChange: number
  readonly infinityPValue: number | undefined
}

/** Values that have turned from one end to the other have changed all that can be, though as many are infinite: signs are compared, too. */
export function measureInfinite({
  rows,
  infinities,
  negativeInfinities,
}: Pick<ColumnPair, 'rows' | 'infinities' | 'negativeInfinities'>): InfiniteCells & {
  readonly chance: Chance
} {
  const kinds = kindsOf(infinities, negativeInfinities)
  const changes = [infinities, ...kinds].map((cells) => changeOf(sharesOf(cells, rows)))
  const chances = [infinities, ...kinds].map((cells) => shareChance(cells, rows))
  return {
    infinities,
    infiniteShares: sharesOf(infinities, rows),
    negativeShares: negativeInfinities && sharesOf(negativeInfinities, rows),
    infinityChange: Math.max(...changes),
    infinityPValue: cellsPValue(kinds, rows),
    chance: chances.reduce((most, one) => (one.spread > most.spread ? one : most)),
  }
}

/** Of one sign and of the other, where that is known. */
function kindsOf(infinities: Sides, negative: Sides | undefined): readonly Sides[] {
  if (negative === undefined) return [infinities]
  const positive = {
    reference: infinities.reference - negative.reference,
    current: infinities.current - negative.current,
  }
  return [positive, negative]
}

export function changeOf({ reference, current }: Sides): number {
  return Math.abs(current - reference)
}
