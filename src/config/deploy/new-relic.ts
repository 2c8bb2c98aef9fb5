import * as z from 'zod'
import { countQueries, step } from './count-queries.js'
import { safeUrl } from './safe-url.js'

/** `deploy.signals.new-relic`: events and metrics of New Relic. */
export const NewRelicSignals = z.strictObject({
  account: z.int().min(1).describe('The id of the account.'),
  region: z.enum(['us', 'eu']).default('us').describe('Where the account is.'),
  endpoint: safeUrl('Another address of NerdGraph. Default: that of the region.'),
  ...countQueries({
    query:
      "NRQL that gives one number, without SINCE and UNTIL, such as `SELECT count(*) FROM Transaction WHERE version = '{name}'`",
    lagMs: 120_000,
  }),
  step: step(
    60_000,
    'Stretches of time begin and end on multiples of it. Metrics are kept by whole minutes, events by the millisecond.',
  ),
})
export type NewRelicSignals = z.output<typeof NewRelicSignals>
