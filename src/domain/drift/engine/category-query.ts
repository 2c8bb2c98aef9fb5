import type { CategoricalSample } from '../samples.js'
import type { Dialect, EngineColumn } from './dialect.js'
import { countIn } from './read-cell.js'
import type { ColumnSummary, Query } from './summary-query.js'
import { fromSource, type TableSource, textOf } from './table-source.js'

/** Each category of one sample with its count, in the order of their texts; undefined is read where there are more than `most`. */
export function categoriesQuery(
  dialect: Dialect,
  source: TableSource,
  { column, most }: { readonly column: EngineColumn; readonly most: number },
): Query<Pick<CategoricalSample, 'categories' | 'counts'> | undefined> {
  const inner = `SELECT ${textOf(dialect, column)} AS mw_v ${fromSource(dialect, source)}`
  return {
    sql: `SELECT mw_v, COUNT(*) FROM (${inner}) mw_t WHERE mw_v IS NOT NULL GROUP BY mw_v LIMIT ${most + 1}`,
    read: (answer) => {
      if (answer.length > most) return undefined
      const found = answer.map(([text, count]) => ({ text: String(text), count: countIn(count) }))
      found.sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
      return {
        categories: found.map(({ text }) => text),
        counts: Float64Array.from(found, ({ count }) => count),
      }
    },
  }
}

/** A sample from its categories. */
export function categoricalSample(
  { column, rows, missing }: ColumnSummary,
  counted: Pick<CategoricalSample, 'categories' | 'counts'>,
): CategoricalSample {
  const type = column.type === 'boolean' ? 'boolean' : 'string'
  return { kind: 'categorical', name: column.name, type, rows, missing, ...counted }
}
