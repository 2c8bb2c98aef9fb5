import type { Sides } from '../predicate.js'
import { type Buckets, bucketExpression } from './buckets.js'
import type { CellInside, Units } from './cells.js'
import type { Dialect, EngineColumn } from './dialect.js'
import type { BucketCell, BucketStart, ValueCount, ValueRange } from './number-counter.js'
import { countIn, numberIn, UnreadableAnswerError } from './read-cell.js'
import type { Query } from './summary-query.js'
import { doubleOf, fromSource, type TableSource } from './table-source.js'

/** A column of numbers in a sample; undefined where it holds no finite one. */
export interface NumberSource {
  readonly source: TableSource
  readonly column: EngineColumn
}

export interface NumberSources {
  readonly reference: NumberSource | undefined
  readonly current: NumberSource | undefined
}

/** The finite values of both samples under one another: the side `mw_s`, 0 for the reference and 1 for the current data, and `mw_x`. */
function bothSides(
  dialect: Dialect,
  { reference, current }: NumberSources,
  ranges: readonly ValueRange[] | undefined,
): string {
  const parts = [reference, current].flatMap((side, s) =>
    side === undefined
      ? []
      : [
          `SELECT ${s} AS mw_s, ${doubleOf(dialect, side.column)} AS mw_x ${fromSource(dialect, side.source)}`,
        ],
  )
  const { number } = dialect
  const inside = ranges?.map(({ min, max }) =>
    min === max ? `mw_x = ${number(min)}` : `mw_x >= ${number(min)} AND mw_x <= ${number(max)}`,
  )
  const limits =
    inside === undefined ? '' : ` AND (${inside.map((one) => `(${one})`).join(' OR ')})`
  return `SELECT mw_s, mw_x FROM (${parts.join(' UNION ALL ')}) mw_u WHERE ${dialect.isFinite('mw_x')}${limits}`
}

const COUNT_REFERENCE = 'SUM(CASE WHEN mw_s = 0 THEN 1 ELSE 0 END)'
const COUNT_CURRENT = 'SUM(CASE WHEN mw_s = 1 THEN 1 ELSE 0 END)'

/** Each value with its counts. `undefined` is read where there are more than `most`. */
export function valuesQuery(
  dialect: Dialect,
  sources: NumberSources,
  { ranges, most }: { readonly ranges: readonly ValueRange[] | undefined; readonly most: number },
): Query<readonly ValueCount[] | undefined> {
  const rows = bothSides(dialect, sources, ranges)
  return {
    sql: `SELECT mw_x, ${COUNT_REFERENCE}, ${COUNT_CURRENT} FROM (${rows}) mw_t GROUP BY mw_x LIMIT ${most + 1}`,
    read: (answer) => {
      if (answer.length > most) return undefined
      return answer.map(([value, reference, current]) => ({
        value: finite(numberIn(value)),
        counts: { reference: countIn(reference), current: countIn(current) },
      }))
    },
  }
}

/** Counts, ends, sums and sums of squares by bucket. */
export function bucketsQuery(
  dialect: Dialect,
  sources: NumberSources,
  asked: {
    readonly buckets: Buckets
    readonly units: Units
    readonly ranges: readonly ValueRange[] | undefined
  },
): Query<readonly BucketCell[]> {
  const rows = bothSides(dialect, sources, asked.ranges)
  const bucket = bucketExpression(dialect, 'mw_x', asked.buckets)
  const of = (side: 0 | 1, what: string) =>
    `SUM(CASE WHEN mw_s = ${side} THEN ${what} ELSE ${dialect.number(0)} END)`
  const columns = [
    'mw_k',
    'MIN(mw_x)',
    'MAX(mw_x)',
    ...[COUNT_REFERENCE, COUNT_CURRENT],
    ...[of(0, 'mw_y'), of(1, 'mw_y'), of(0, 'mw_y * mw_y'), of(1, 'mw_y * mw_y')],
  ]
  const inner = `SELECT mw_s, mw_x, ${unitsExpression(dialect, asked.units)} AS mw_y, ${bucket} AS mw_k FROM (${rows}) mw_r`
  return {
    sql: `SELECT ${columns.join(', ')} FROM (${inner}) mw_t GROUP BY mw_k`,
    read: (answer) =>
      answer.map(([k, min, max, n, m, sumR, sumC, squaresR, squaresC]) => ({
        bucket: finite(numberIn(k)),
        min: finite(numberIn(min)),
        max: finite(numberIn(max)),
        counts: sides(n, m),
        sums: sides(sumR, sumC),
        squares: sides(squaresR, squaresC),
      })),
  }
}

function sides(reference: Parameters<typeof countIn>[0], current: typeof reference): Sides {
  return { reference: countIn(reference), current: countIn(current) }
}

function finite(value: number | undefined): number {
  if (value !== undefined && Number.isFinite(value)) return value
  throw new UnreadableAnswerError(`${value} is no finite number`)
}

function unitsExpression({ number }: Dialect, { origin, scale }: Units): string {
  if (scale === 1) return `(mw_x - ${number(origin)})`
  return `(mw_x * ${number(scale)} - ${number(origin * scale)})`
}

/**
 * What happens inside of some buckets, in one scan: windows run over each bucket by itself, so that nodes share the sorting. Rows of the same
 * value are peers, which the frame (from the first row to the last peer) counts all at once.
 */
export function insideQuery(
  dialect: Dialect,
  sources: NumberSources,
  asked: {
    readonly buckets: Buckets
    readonly starts: readonly BucketStart[]
    readonly sizes: Sides
    readonly table: NonNullable<Dialect['windows']>['table']
  },
): Query<ReadonlyMap<number, CellInside>> {
  const { buckets, starts, sizes, table } = asked
  const { number } = dialect
  const [n, m] = [number(sizes.reference), number(sizes.current)]
  const rows = bothSides(dialect, sources, undefined)
  const bucket = bucketExpression(dialect, 'mw_x', buckets)
  const one = (side: 0 | 1) => `CASE WHEN mw_s = ${side} THEN ${number(1)} ELSE ${number(0)} END`
  const counted = `SELECT mw_x, ${one(0)} AS mw_a, ${one(1)} AS mw_b, ${bucket} AS mw_k FROM (${rows}) mw_r`
  const before = table(
    'mw_p',
    ['mw_pk', 'mw_pa', 'mw_pb'],
    starts.map((start) => [start.bucket, start.before.reference, start.before.current]),
  )
  const over = 'OVER (PARTITION BY mw_k ORDER BY mw_x)'
  const walked = [
    'mw_k',
    `mw_pa + SUM(mw_a) ${over} AS mw_i`,
    `mw_pb + SUM(mw_b) ${over} AS mw_j`,
    `LEAD(mw_x) ${over} - mw_x AS mw_w`,
  ]
  const steps = `ABS(mw_i * ${m} - mw_j * ${n})`
  const area = `ABS(mw_i / ${n} - mw_j / ${m}) * mw_w`
  const inner = `SELECT ${walked.join(', ')} FROM (${counted}) mw_c JOIN ${before} ON mw_k = mw_pk`
  return {
    sql: `SELECT mw_k, MAX(${steps}), SUM(${area}) FROM (${inner}) mw_t GROUP BY mw_k`,
    read: (answer) =>
      new Map(
        answer.map(([k, most, sum]) => [
          finite(numberIn(k)),
          { steps: finite(numberIn(most)), area: numberIn(sum) ?? 0 },
        ]),
      ),
  }
}
