import * as z from 'zod'

/** Which decisions block. */
export const FailOnSchema = z
  .enum(['inconclusive', 'fail', 'never'])
  .default('inconclusive')
  .describe(
    'Which decisions fail the step: `inconclusive` (fail and inconclusive both do), `fail`, or `never`.',
  )

/** One item or a list of them, always read as a list. */
export const OneOrMany = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((value) =>
    typeof value === 'string'
      ? value
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '')
      : value,
  )
  .pipe(z.array(z.string().min(1)).min(1))

/** One item, or a list of them with at least `least` items, always read as a list. An item is kept as it is: it may hold line breaks. */
export function oneOrMany<Item extends z.ZodType>(item: Item, least = 0) {
  return z
    .union([item, z.array(item).min(least)])
    .transform((value): z.output<Item>[] =>
      Array.isArray(value) ? value : [value as z.output<Item>],
    )
}

function isWordOrMap(value: unknown): boolean {
  if (typeof value === 'string') return true
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The same for items that may be words or maps: what is wrong with one is said of it alone. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (isWordOrMap(value) ? [value] : value), z.array(item))
}
