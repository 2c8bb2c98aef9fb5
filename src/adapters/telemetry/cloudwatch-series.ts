import * as z from 'zod'
import { type Aws, awsOperation } from '../../clouds/aws.js'
import { ExternalError, UserError } from '../../errors.js'

/** One metric by one statistic. */
export interface Statistic {
  readonly namespace: string
  readonly metric: string
  readonly dimensions: Readonly<Record<string, string>>
  /** Such as `Sum`, `SampleCount`, `TC(:200)`. */
  readonly stat: string
}

interface Window {
  /** Whole minutes, milliseconds since 1970, from (inclusive) to (exclusive). */
  readonly from: number
  readonly to: number
}

export interface Sums {
  /** By statistic, in order: the sum over the minutes; undefined where there is no value at all. */
  readonly values: readonly (number | undefined)[]
  readonly warnings: readonly string[]
}

const Messages = z
  .array(z.object({ Code: z.string().nullish(), Value: z.string().nullish() }))
  .nullish()
const Page = z.object({
  MetricDataResults: z
    .array(
      z.object({
        Id: z.string(),
        Timestamps: z.array(z.number()).nullish(),
        Values: z.array(z.union([z.number(), z.string()])).nullish(),
        StatusCode: z.enum(['Complete', 'InternalError', 'PartialData', 'Forbidden']).nullish(),
        Messages,
      }),
    )
    .nullish(),
  NextToken: z.string().nullish(),
  Messages,
})
type Page = z.output<typeof Page>

const PERIOD_S = 60
/** Of a stretch of weeks with all statistics. */
const MOST_PAGES = 100

/** Sums over whole minutes. Undefined where CloudWatch says that it has not given all, or a value is no number. */
export async function sumsOf(
  aws: Aws,
  statistics: readonly Statistic[],
  window: Window,
): Promise<Sums | undefined> {
  const pages = await allPages(aws, statistics, window)
  const results = pages.flatMap(({ MetricDataResults }) => MetricDataResults ?? [])
  if (results.some(({ StatusCode }) => StatusCode === 'Forbidden')) throw forbidden()
  const values = statistics.map((_, i) => sumOf(results, idOf(i), window))
  const isWhole =
    (pages.at(-1)?.NextToken ?? undefined) === undefined &&
    statistics.every((_, i) => isComplete(results, idOf(i))) &&
    values.every((value) => value === undefined || Number.isFinite(value))
  return isWhole ? { values, warnings: [...new Set(pages.flatMap(textsOf))] } : undefined
}

async function allPages(
  aws: Aws,
  statistics: readonly Statistic[],
  window: Window,
): Promise<readonly Page[]> {
  const pages: Page[] = []
  let token: string | undefined
  do {
    const page = await ask(aws, statistics, { ...window, token })
    pages.push(page)
    token = page.NextToken ?? undefined
  } while (token !== undefined && pages.length < MOST_PAGES)
  return pages
}

/** On all pages but the last a result is partial. */
function isComplete(results: readonly Result[], id: string): boolean {
  const last = results.findLast((result) => result.Id === id)
  return last !== undefined && (last.StatusCode ?? 'Complete') === 'Complete'
}

function sumOf(results: readonly Result[], id: string, window: Window): number | undefined {
  const values = results
    .filter((result) => result.Id === id)
    .flatMap((result) => valuesOf(result, window))
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)
}

function idOf(index: number): string {
  return `q${index}`
}

async function ask(
  aws: Aws,
  statistics: readonly Statistic[],
  { from, to, token }: Window & { readonly token: string | undefined },
): Promise<Page> {
  const input = {
    StartTime: from / 1000,
    EndTime: to / 1000,
    ScanBy: 'TimestampAscending',
    MetricDataQueries: statistics.map(queryOf),
    ...(token === undefined ? {} : { NextToken: token }),
  }
  const said = await aws.send(
    awsOperation('GraniteServiceVersion20100801.GetMetricData', '1.0', input),
  )
  const parsed = Page.safeParse(said)
  if (parsed.success) return parsed.data
  throw new ExternalError({
    code: 'MW-DEPLOY-226',
    service: 'CloudWatch',
    what: 'it answers with what is not understood.',
    retryable: false,
  })
}

function queryOf({ namespace, metric, dimensions, stat }: Statistic, index: number) {
  const named = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
  return {
    Id: idOf(index),
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: metric, Dimensions: named },
      Period: PERIOD_S,
      Stat: stat,
    },
    ReturnData: true,
  }
}

type Result = NonNullable<Page['MetricDataResults']>[number]

function valuesOf(
  { Timestamps: times, Values: values }: Result,
  { from, to }: Window,
): readonly number[] {
  return (values ?? []).flatMap((value, i) => {
    const at = (times?.[i] ?? Number.NaN) * 1000
    return at >= from && at < to ? [Number(value)] : []
  })
}

function textsOf({ MetricDataResults: results, Messages: messages }: Page): readonly string[] {
  return [...(messages ?? []), ...(results ?? []).flatMap((result) => result.Messages ?? [])].map(
    ({ Code: code, Value: value }) => `CloudWatch: ${value ?? code ?? 'a remark without words'}`,
  )
}

function forbidden(): UserError {
  return new UserError({
    code: 'MW-DEPLOY-242',
    where: 'deploy.signals.cloudwatch',
    what: 'CloudWatch does not let this role read these metrics.',
    fix: 'Allow it cloudwatch:GetMetricData, in the account that owns the metrics.',
  })
}
