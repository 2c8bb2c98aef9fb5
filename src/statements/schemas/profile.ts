import * as z from 'zod'
import type { Profile } from '../../domain/drift/profile/profile.js'

const Count = z.int().min(0)
const Share = z.number().min(0).max(1)
/** A summary's smallest and largest value take one from their neighbours, so that a bucket may be left empty. */
const Counts = z.array(Count)

const Numbers = z
  .object({
    kind: z.literal('numeric'),
    name: z.string(),
    type: z.enum(['integer', 'number', 'timestamp']),
    rows: Count,
    missing: Count,
    infinities: Count,
    negativeInfinities: Count.optional(),
    mean: z.number().nullable(),
    deviation: z.number().min(0).nullable(),
    allDiffer: z.boolean(),
    rankError: Share,
    ends: z.array(z.number()),
    counts: Counts,
    places: z.array(Share).optional(),
  })
  .refine(({ ends, counts, places = counts }) => sameLength(ends, counts, places), {
    message: 'each bucket has an end, a count and a place',
  })
  .refine(({ ends }) => ends.every((end, i) => i === 0 || end > (ends[i - 1] ?? end)), {
    message: 'ends ascend',
  })
  .refine(({ infinities, negativeInfinities = 0 }) => negativeInfinities <= infinities, {
    message: 'no more cells are -Infinity than are infinite',
  })
  .refine(
    (column) =>
      isWithoutTimes(column) ||
      sum(column.counts) === column.rows - column.missing - column.infinities,
    { message: 'the counts are those of all finite values' },
  )

const Categories = z
  .object({
    kind: z.literal('categorical'),
    name: z.string(),
    type: z.enum(['string', 'boolean']),
    rows: Count,
    missing: Count,
    categories: z.array(z.string()),
    counts: Counts,
    others: Count,
    isSample: z.boolean(),
  })
  .refine(({ categories, counts }) => sameLength(categories, counts), {
    message: 'each category has a count',
  })
  .refine((column) => new Set(column.categories).size === column.categories.length, {
    message: 'each category is named once',
  })
  .refine((column) => sum(column.counts) + column.others <= column.rows - column.missing, {
    message: 'the counts are those of rows that are not missing',
  })

/** A profile of a data set, as `modelway profile` writes it. */
export const ProfileSchema = z
  .object({
    modelwayProfile: z.literal(1),
    files: z.array(z.object({ name: z.string(), sha256: z.string().regex(/^[\da-f]{64}$/) })),
    rows: Count,
    minCount: z.int().min(1),
    columns: z.array(z.discriminatedUnion('kind', [Numbers, Categories])),
    omitted: z.array(z.object({ name: z.string(), reason: z.string() })),
  })
  .refine(({ columns }) => new Set(columns.map(({ name }) => name)).size === columns.length, {
    message: 'each column is named once',
  })
  .refine(({ columns, rows }) => columns.every((column) => column.rows === rows), {
    message: 'all columns have the same rows',
  }) satisfies z.ZodType<Profile>

/** Of timestamps only how many are missing is kept. */
function isWithoutTimes(column: {
  readonly type: string
  readonly ends: readonly number[]
}): boolean {
  return column.type === 'timestamp' && column.ends.length === 0
}

function sameLength(...lists: readonly ArrayLike<unknown>[]): boolean {
  return lists.every(({ length }) => length === lists[0]?.length)
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
