import { trinoDialect } from '../../../../../src/adapters/engine/trino-dialect.js'
import type { EngineColumn } from '../../../../../src/domain/drift/engine/dialect.js'
import type { EngineValue, QueryEngine } from '../../../../../src/ports/engine.js'

type Rows = readonly (readonly EngineValue[])[]

/** An engine whose answers are written down: by the first pattern that the SQL matches. */
export function scripted(
  columns: Readonly<Record<string, readonly EngineColumn[]>>,
  answers: readonly (readonly [RegExp, Rows | Error])[],
): QueryEngine & { readonly asked: string[]; readonly closed: () => number } {
  const asked: string[] = []
  let closed = 0
  return {
    asked,
    closed: () => closed,
    name: 'Trino at test',
    dialect: trinoDialect,
    query: async (sql, signal) => {
      signal.throwIfAborted()
      asked.push(sql)
      const answer = answers.find(([pattern]) => pattern.test(sql))?.[1]
      if (answer === undefined) throw new Error(`not written down: ${sql}`)
      if (answer instanceof Error) throw answer
      return { columns: [], rows: answer }
    },
    describe: async (table) => columns[table] ?? [],
    close: async () => {
      closed++
    },
  }
}
