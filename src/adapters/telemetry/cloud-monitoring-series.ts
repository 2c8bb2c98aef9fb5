import * as z from 'zod'
import type { GoogleClient } from '../../clouds/google.js'
import { notUnderstood } from '../../clouds/google-failures.js'
import type { CloudMonitoringSignals } from '../../config/deploy/cloud-monitoring.js'
import { UserError } from '../../errors.js'
import type { Stretch } from '../../ports/signals.js'
import { Distribution } from './cloud-distribution.js'

const Time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

const Point = z.object({
  interval: z.object({ startTime: Time.optional(), endTime: Time }),
  value: z.object({
    int64Value: z.coerce.number().int().min(0).optional(),
    distributionValue: Distribution.optional(),
  }),
})
export type Point = z.output<typeof Point>

/** ListTimeSeriesResponse, version 3. */
const Page = z.object({
  timeSeries: z
    .array(z.object({ metricKind: z.string().optional(), points: z.array(Point).default([]) }))
    .default([]),
  nextPageToken: z.string().optional(),
  executionErrors: z.array(z.unknown()).default([]),
  unreachable: z.array(z.string()).default([]),
})

/** One filter, and where a user has written it. */
export interface AskedSeries {
  readonly filter: string
  readonly where: string
}

type Times = Pick<Stretch, 'from' | 'to'>

/** Of more pages nobody would want counts: ten thousand points each. */
const MOST_PAGES = 100
const SERVICE = 'Cloud Monitoring'

/**
 * The points of a DELTA metric that end in a stretch of time, of all series together. Undefined where Google says that some are
 * missing. Not aligned: aligning fills gaps by interpolation, which are no counts.
 */
export async function pointsOf(
  client: GoogleClient,
  settings: CloudMonitoringSignals,
  { filter, where, from, to }: AskedSeries & Times,
): Promise<readonly Point[] | undefined> {
  const base = new URL(`${settings.endpoint.replace(/\/+$/, '')}/v3/`)
  const url = new URL(`projects/${encodeURIComponent(settings.project)}/timeSeries`, base)
  const parameters = {
    filter,
    'interval.startTime': new Date(from).toISOString(),
    'interval.endTime': new Date(to).toISOString(),
    view: 'FULL',
    pageSize: '10000',
  }
  for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, value)
  const points: Point[] = []
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await client.call({
      method: 'GET',
      url,
      subject: SERVICE,
      where,
      permission: 'monitoring.timeSeries.list (roles/monitoring.viewer)',
    })
    const parsed = Page.safeParse(answer)
    if (!parsed.success) throw notUnderstood(SERVICE)
    const { timeSeries, nextPageToken, executionErrors, unreachable } = parsed.data
    if (executionErrors.length > 0 || unreachable.length > 0) return undefined
    if (timeSeries.some(({ metricKind = 'DELTA' }) => metricKind !== 'DELTA')) throw notDelta(where)
    points.push(...timeSeries.flatMap((series) => series.points))
    if (nextPageToken === undefined || nextPageToken === '') {
      return points.filter(({ interval }) => interval.endTime > from && interval.endTime <= to)
    }
    url.searchParams.set('pageToken', nextPageToken)
  }
  return undefined
}

function notDelta(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-057',
    where,
    what: 'this selects no counters of the kind DELTA.',
    fix: 'Name a metric that Google counts itself. For counters of your own (CUMULATIVE) use deploy.signals.prometheus with sign-in: google.',
  })
}
