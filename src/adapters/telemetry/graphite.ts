import * as z from 'zod'
import type { GraphiteSignals } from '../../config/deploy/graphite.js'
import type { Signals } from '../../ports/signals.js'
import { createRedaction, excerptOf, secretsIn } from '../../secrets.js'
import { createCountedSignals, filledIn, type Question, type Window } from './counted.js'
import { requireEncryption, signInHeaders } from './credentials.js'
import { type HttpContext, request } from './http.js'
import { jsonOf } from './json-of.js'
import { plainName } from './plain-name.js'
import { countsIn, isEvery, type Point, sumOf } from './points.js'
import { notEvaluated, notUnderstood, otherIntervals } from './query-problems.js'

type Env = Readonly<Record<string, string | undefined>>

const NAME = 'Graphite'
const WHERE = 'deploy.signals.graphite'
const PREFIX = 'MODELWAY_GRAPHITE'
/** What the parts of a path are made of; others are wildcards, or end an argument. */
const PART = /^[A-Za-z0-9_.:-]{1,200}$/

/** What users met, by what Graphite renders. An interval without a point makes a stretch unknown. */
export function createGraphiteSignals(
  settings: GraphiteSignals,
  env: Env,
  http: HttpContext,
): Signals {
  const signIn = signInHeaders(env, PREFIX)
  requireEncryption(new URL(settings.url), signIn, `${WHERE}.url`)
  const headers = {
    ...signIn,
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  }
  const { step } = settings
  const service = { url: renderUrl(settings.url), headers, env, http, step }
  return createCountedSignals({
    name: NAME,
    where: WHERE,
    lagMs: settings.lag,
    stepMs: step,
    queries: settings,
    fill: (query, { called }) => {
      const write = (name: string) => plainName(name, { where: WHERE, service: NAME, of: PART })
      return filledIn(query, { called, write })
    },
    ask: async (questions, window) => {
      const values: (number | undefined)[] = []
      for (const question of questions) {
        const counts = await countsOf(service, question, window)
        const expected = (window.to - window.from) / step
        if (counts === undefined) values.push(undefined)
        else if (counts.length !== expected || counts.includes(null)) return undefined
        else values.push(sumOf(counts))
      }
      return { values, warnings: [] }
    },
  })
}

interface Service {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly env: Env
  readonly http: HttpContext
  readonly step: number
}

function renderUrl(base: string): URL {
  const { origin, pathname } = new URL(base)
  return new URL(`${origin}${pathname.replace(/\/+$/, '')}/render`)
}

const Answer = z.array(
  z.object({
    target: z.string(),
    datapoints: z.array(z.tuple([z.number().nullable(), z.number()])),
  }),
)

/** Undefined where there is no such series. Of several each interval's counts are added up. */
async function countsOf(
  { url, headers, env, http, step }: Service,
  { query, where }: Question,
  window: Window,
): Promise<readonly (number | null)[] | undefined> {
  const hide = createRedaction(secretsIn(env))
  const form = { target: query, format: 'json', ...timesOf(window) }
  const signIn = `set ${PREFIX}_TOKEN, or ${PREFIX}_USERNAME and ${PREFIX}_PASSWORD.`
  const body = new URLSearchParams(form).toString()
  const sent = { service: NAME, url, method: 'POST', headers, body, signIn, hide } as const
  const { status, text } = await request(sent, http)
  if (status === 400) throw notEvaluated(NAME, where, excerptOf(text, hide))
  const parsed = Answer.safeParse(jsonOf(text))
  if (status !== 200 || !parsed.success) throw notUnderstood(NAME, status, excerptOf(text, hide))
  const series = parsed.data.map(({ datapoints }) =>
    datapoints.map(([count, seconds]): Point => [seconds * 1000, count]),
  )
  const other = series.find((points) => !isEvery(step, points))
  if (other !== undefined) {
    const times = other.slice(0, 3).map(([time]) => time / 1000)
    throw otherIntervals(where, `points at ${times.join(', ')}`, step)
  }
  const [first, ...more] = series.map((points) => countsIn(window, points))
  return first?.map((count, i) => more.reduce((sum, counts) => plus(sum, counts[i] ?? null), count))
}

/** Graphite leaves the beginning out and takes the end in. */
function timesOf({ from, to }: Window) {
  return { from: String(from / 1000 - 1), until: String(to / 1000 - 1) }
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}
