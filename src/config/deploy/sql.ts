import * as z from 'zod'
import { EngineConnection, EngineName } from '../drift/engine.js'
import { Duration } from '../duration.js'
import { recordKeys } from './predictions.js'

/** `deploy.signals.sql`: what users met, by a query. */
export const SqlSignals = z.strictObject({
  engine: EngineName.exclude(['embedded']).describe('The engine that answers.'),
  connection: EngineConnection.prefault({}).describe(
    'How the engine is reached, as in `drift.connection`.',
  ),
  query: z
    .string()
    .min(1)
    .describe(
      'One SELECT. `{from}` and `{to}` become timestamps (UTC), `{from_ms}` and `{to_ms}` milliseconds since 1970, `{stable}` and `{canary}` texts, all as literals. Either a row for each version (`version`, `requests`, and if known `errors`, `rejected` and `over_<milliseconds>`), or a row for each answer with `columns`.',
    ),
  'time-type': z
    .string()
    .min(1)
    .max(100)
    .default('timestamp')
    .describe(
      'What the column of time is, as the engine names it, such as `timestamp with time zone` (Trino) or `DateTime` (ClickHouse): `{from}` and `{to}` become literals that it is compared with in UTC.',
    ),
  ...recordKeys,
  lag: Duration.default(30_000).describe('How long an answer may take to be in the table.'),
})
export type SqlSignals = z.output<typeof SqlSignals>
