import { type EngineColumn, tableName } from '../../domain/drift/engine/dialect.js'
import type { QueryResult } from '../../ports/engine.js'
import { sparkDialect } from './spark-dialect.js'

/** Whether Spark's words say that a table, or what it is in, is not there. */
export function lacksSparkTable(words: string): boolean {
  return /TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|NO_SUCH_CATALOG/.test(words)
}

/** The columns of a table by two queries that read no row of it: protocols tell types, and not all of what the types are. */
export async function describeBySelect(
  query: (sql: string) => Promise<QueryResult>,
  table: string,
): Promise<readonly EngineColumn[]> {
  const from = `FROM (SELECT 1) LEFT JOIN (SELECT * FROM ${tableName(sparkDialect, table)} LIMIT 0) AS mw_d ON TRUE`
  const names = (await query(`SELECT mw_d.* ${from}`)).columns
  if (names.length === 0) return []
  const types = names.map((name) => `typeof(mw_d.${sparkDialect.identifier(name)})`)
  const [row = []] = (await query(`SELECT ${types.join(', ')} ${from}`)).rows
  return names.map((name, at) => {
    const engineType = String(row[at] ?? '')
    return { name, engineType, type: sparkDialect.typeOf(engineType) }
  })
}
