import type { Dialect, EngineColumn } from '../domain/drift/engine/dialect.js'

export type EngineValue = number | string | boolean | null

export interface QueryResult {
  /** The names of the columns, as the engine gives them. */
  readonly columns: readonly string[]
  /**
   * Doubles come with every digit, as numbers or as text; NaN and infinities as text. Whole numbers beyond 2^53, decimals and times may
   * come as text.
   */
  readonly rows: readonly (readonly EngineValue[])[]
}

/** A warehouse that answers read-only SELECTs. Nothing is ever written to it. */
export interface QueryEngine {
  /** For messages, such as `Trino at host:8080`. */
  readonly name: string
  readonly dialect: Dialect
  /**
   * Runs one SELECT and gives all its rows, or an ExternalError: never some of the rows. When the signal aborts, the query is cancelled
   * in the engine too.
   */
  query(sql: string, signal: AbortSignal): Promise<QueryResult>
  /** The columns of a table in its order. UserError MW-DRIFT-702 where there is no such table. */
  describe(table: string, signal: AbortSignal): Promise<readonly EngineColumn[]>
  close(): Promise<void>
}
