import { numberIn } from '../../../domain/drift/engine/read-cell.js'
import { fromSource } from '../../../domain/drift/engine/table-source.js'
import type { QueryEngine } from '../../../ports/engine.js'
import { engineFailure } from './failures.js'
import { type EngineTable, openTable, timeColumn } from './open-table.js'

/** When the newest row that counts is, in milliseconds since the epoch; undefined where no row has a time. */
export async function latestTime(
  engine: QueryEngine,
  table: EngineTable & { readonly time: NonNullable<EngineTable['time']> },
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const { source, columns } = await openTable(engine, table, signal)
    const { dialect } = engine
    const column = timeColumn(columns, table.time)
    const time = dialect.milliseconds(dialect.identifier(column.name), column)
    const answer = await engine.query(`SELECT MAX(${time}) ${fromSource(dialect, source)}`, signal)
    return numberIn(answer.rows[0]?.[0])
  } catch (error) {
    throw engineFailure(error, engine.name)
  }
}
