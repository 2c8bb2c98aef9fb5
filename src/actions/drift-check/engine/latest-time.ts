import { numberIn } from '../../../domain/drift/engine/read-cell.js'
import { fromSource } from '../../../domain/drift/engine/table-source.js'
import type { QueryEngine } from '../../../ports/engine.js'
import { engineFailure } from './failures.js'
import { type EngineTable, openTable, timeColumn } from './open-table.js'

/** When the newest and the oldest row that count are, in milliseconds since the epoch; undefined where no row has a time. */
export async function timesInTable(
  engine: QueryEngine,
  table: EngineTable & { readonly time: NonNullable<EngineTable['time']> },
  signal: AbortSignal,
): Promise<{ readonly newest: number | undefined; readonly oldest: number | undefined }> {
  try {
    const { source, columns } = await openTable(engine, table, signal)
    const { dialect } = engine
    const column = timeColumn(columns, table.time)
    const time = dialect.milliseconds(dialect.identifier(column.name), column)
    const asked = `SELECT MAX(${time}), MIN(${time}) ${fromSource(dialect, source)}`
    const [newest, oldest] = (await engine.query(asked, signal)).rows[0] ?? []
    return { newest: numberIn(newest), oldest: numberIn(oldest) }
  } catch (error) {
    throw engineFailure(error, engine.name)
  }
}
