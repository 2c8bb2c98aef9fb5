import type { Dialect } from '../../../domain/drift/engine/dialect.js'
import type { NumberCounter } from '../../../domain/drift/engine/number-counter.js'
import {
  bucketsQuery,
  insideQuery,
  type NumberSources,
  valuesQuery,
} from '../../../domain/drift/engine/number-queries.js'
import type { Sides } from '../../../domain/drift/predicate.js'
import type { Ask } from './ask.js'

/** What a column of numbers is asked, as SELECTs. */
export function numberCounter(
  dialect: Dialect,
  ask: Ask,
  { sources, sizes }: { readonly sources: NumberSources; readonly sizes: Sides },
): NumberCounter {
  const { windows } = dialect
  return {
    values: (ranges, most) => ask(valuesQuery(dialect, sources, { ranges, most })),
    buckets: (buckets, units, ranges) =>
      ask(bucketsQuery(dialect, sources, { buckets, units, ranges })),
    inside:
      windows === undefined
        ? undefined
        : (buckets, starts) => {
            const { table } = windows
            return ask(insideQuery(dialect, sources, { buckets, starts, sizes, table }))
          },
  }
}
