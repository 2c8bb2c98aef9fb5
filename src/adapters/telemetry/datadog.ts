import * as z from 'zod'
import type { DatadogSignals } from '../../config/deploy/datadog.js'
import type { Signals } from '../../ports/signals.js'
import { createRedaction, excerptOf, secretsIn } from '../../secrets.js'
import {
  type Answers,
  createCountedSignals,
  filledIn,
  type Question,
  type Window,
} from './counted.js'
import { checkedHeaders } from './credentials.js'
import { type HttpAnswer, type HttpContext, request } from './http.js'
import { jsonOf } from './json-of.js'
import { plainName } from './plain-name.js'
import { countsIn, sumOf } from './points.js'
import { noCredential, notEvaluated, notUnderstood, otherIntervals } from './query-problems.js'

type Env = Readonly<Record<string, string | undefined>>

const NAME = 'Datadog'
const WHERE = 'deploy.signals.datadog'
const SIGN_IN = 'MODELWAY_DATADOG_API_KEY and MODELWAY_DATADOG_APP_KEY'
/** What values of tags are made of; the language has no way to write another character. */
const TAG = /^[a-z0-9_.:/-]{1,200}$/

/** What users met, by count metrics of Datadog: all queries in one request, intervals added up here. */
export function createDatadogSignals(
  settings: DatadogSignals,
  env: Env,
  http: HttpContext,
): Signals {
  const { site, endpoint, step } = settings
  const address = (endpoint ?? `https://api.${site}`).replace(/\/+$/, '')
  const headers = signInOf(env)
  const hide = createRedaction(secretsIn(env))
  return createCountedSignals({
    name: NAME,
    where: WHERE,
    lagMs: settings.lag,
    stepMs: step,
    queries: settings,
    fill: (query, { called }) => {
      // Datadog writes all tags in lower case.
      const write = (name: string) =>
        plainName(name.toLowerCase(), { where: WHERE, service: NAME, of: TAG })
      return filledIn(query, { called, write })
    },
    ask: async (questions, window) => {
      const answer = await request(
        {
          service: NAME,
          url: new URL(`${address}/api/v2/query/timeseries`),
          method: 'POST',
          headers,
          body: bodyOf(questions, window, step),
          signIn: `set ${SIGN_IN}; the application key needs the scope timeseries_query.`,
          hide,
        },
        http,
      )
      return answersOf(questions, { answer, window, step, said: excerptOf(answer.text, hide) })
    },
  })
}

function signInOf(env: Env): Readonly<Record<string, string>> {
  const api = env['MODELWAY_DATADOG_API_KEY']?.trim() ?? ''
  const application = env['MODELWAY_DATADOG_APP_KEY']?.trim() ?? ''
  if (api === '' || application === '') throw noCredential(NAME, SIGN_IN)
  return {
    ...checkedHeaders({ 'dd-api-key': api }, 'MODELWAY_DATADOG_API_KEY'),
    ...checkedHeaders({ 'dd-application-key': application }, 'MODELWAY_DATADOG_APP_KEY'),
    accept: 'application/json',
    'content-type': 'application/json',
  }
}

function bodyOf(questions: readonly Question[], { from, to }: Window, interval: number): string {
  const queries = questions.map(({ query }, i) => ({
    data_source: 'metrics',
    name: `q${i}`,
    query,
  }))
  const formulas = queries.map(({ name }) => ({ formula: name }))
  const attributes = { from, to, interval, queries, formulas }
  return JSON.stringify({ data: { type: 'timeseries_request', attributes } })
}

const Answer = z.object({
  errors: z.string().nullish(),
  data: z
    .object({
      attributes: z.object({
        times: z.array(z.number()).default([]),
        series: z.array(z.object({ query_index: z.int().default(0) })).default([]),
        values: z.array(z.array(z.number().nullable())).default([]),
      }),
    })
    .optional(),
})

interface Answered {
  readonly answer: HttpAnswer
  readonly window: Window
  readonly step: number
  readonly said: string
}

function answersOf(
  questions: readonly Question[],
  { answer, window, step, said }: Answered,
): Answers {
  const { status } = answer
  if (status === 400 || status === 404 || status === 422) throw notEvaluated(NAME, WHERE, said)
  const parsed = Answer.safeParse(jsonOf(answer.text))
  if (status !== 200 || !parsed.success) throw notUnderstood(NAME, status, said)
  const { errors, data } = parsed.data
  if (errors !== undefined && errors !== null && errors !== '')
    throw notEvaluated(NAME, WHERE, said)
  if (data === undefined) throw notUnderstood(NAME, status, said)
  const { times, series, values } = data.attributes
  // A longer interval than was asked for would begin before, or elsewhere; intervals without any request may be left out.
  const other = times.find((time) => time % step !== 0 || time < window.from || time >= window.to)
  if (other !== undefined) throw otherIntervals(WHERE, `an interval that begins at ${other}`, step)
  const ofQuestion = (index: number) =>
    series.flatMap(({ query_index }, i) => {
      if (query_index !== index) return []
      return countsIn(
        window,
        times.map((time, at) => [time, values[i]?.[at] ?? null] as const),
      )
    })
  return { values: questions.map((_, i) => sumOf(ofQuestion(i))), warnings: [] }
}
