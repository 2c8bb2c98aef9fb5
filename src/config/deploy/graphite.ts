import * as z from 'zod'
import { countQueries, step } from './count-queries.js'

/** `deploy.signals.graphite`: a server of Graphite. */
export const GraphiteSignals = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Its address; what it renders is below it at /render.'),
  ...countQueries({
    query:
      'a target whose points are counts of their interval, such as `stats_counts.model.{name}.requests`',
    lagMs: 60_000,
  }),
  step: step(10_000, 'The length of its finest intervals, as in storage-schemas.conf.'),
})
export type GraphiteSignals = z.output<typeof GraphiteSignals>
