import * as z from 'zod'
import { countQueries, step } from './count-queries.js'

/** `deploy.signals.influxdb`: a server of InfluxDB, 1 to 3. */
export const InfluxdbSignals = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('Its address.'),
    language: z
      .enum(['influxql', 'flux', 'sql'])
      .default('influxql')
      .describe('InfluxQL (all versions), Flux (1.8 and 2), or SQL (3).'),
    database: z
      .string()
      .min(1)
      .optional()
      .describe('The database; for Flux it is named in the query. In InfluxDB 2 a mapped bucket.'),
    organization: z.string().min(1).optional().describe('The organization, of InfluxDB 2.'),
    ...countQueries({
      query: 'a query that gives one number, or numbers to add up',
      lagMs: 30_000,
      isTimed: true,
    }),
    step: step(
      1000,
      'Stretches of time begin and end on multiples of it: the interval of Telegraf, say.',
    ),
  })
  .refine(({ language, database }) => language === 'flux' || database !== undefined, {
    message: 'needs database, except for Flux',
  })
export type InfluxdbSignals = z.output<typeof InfluxdbSignals>
