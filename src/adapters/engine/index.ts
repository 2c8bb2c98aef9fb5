import type { EngineName } from '../../config/drift/engine.js'
import type { QueryEngine } from '../../ports/engine.js'
import type { EngineSettings } from './engine-settings.js'

type Opener = (settings: EngineSettings) => Promise<QueryEngine>

/** A new engine is one file and one line here. */
const openers: Readonly<Partial<Record<EngineName, Opener>>> = {
  trino: async (settings) => (await import('./trino.js')).createTrino(settings),
  clickhouse: async (settings) => (await import('./clickhouse.js')).createClickHouse(settings),
  spark: async (settings) => (await import('./spark.js')).createSpark(settings),
  duckdb: async (settings) => (await import('./duckdb.js')).createDuckDB(settings),
  bigquery: async (settings) => (await import('./bigquery.js')).createBigQuery(settings),
  snowflake: async (settings) => (await import('./snowflake.js')).createSnowflake(settings),
  athena: async (settings) => (await import('./athena.js')).createAthena(settings),
  databricks: async (settings) => (await import('./databricks.js')).createDatabricks(settings),
}

/** Opens the engine of that name, and loads no other. Throws UserError where a key or a secret is missing. */
export function openEngine(
  name: Exclude<EngineName, 'embedded'>,
  settings: EngineSettings,
): Promise<QueryEngine> {
  const open = openers[name]
  if (open === undefined) throw new TypeError(`there is no engine ${name}`)
  return open(settings)
}
