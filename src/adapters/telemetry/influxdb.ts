import type { InfluxdbSignals } from '../../config/deploy/influxdb.js'
import type { Signals } from '../../ports/signals.js'
import { createRedaction, excerptOf, secretsIn } from '../../secrets.js'
import { createCountedSignals, filledIn, type Question, type Window } from './counted.js'
import { checkedHeaders, requireEncryption, signInHeaders } from './credentials.js'
import { type HttpContext, request } from './http.js'
import { fluxNumbers, influxqlNumbers, type Numbers, sqlNumbers } from './influxdb-answer.js'
import { notEvaluated, notUnderstood } from './query-problems.js'

type Env = Readonly<Record<string, string | undefined>>
type Language = InfluxdbSignals['language']

const NAME = 'InfluxDB'
const WHERE = 'deploy.signals.influxdb'
const PREFIX = 'MODELWAY_INFLUXDB'

/** What users met, by queries of InfluxDB in one of its languages. */
export function createInfluxdbSignals(
  settings: InfluxdbSignals,
  env: Env,
  http: HttpContext,
): Signals {
  const { language } = settings
  const headers = signInOf(env, language)
  requireEncryption(new URL(settings.url), headers, `${WHERE}.url`)
  const service = { settings, headers, env, http }
  return createCountedSignals({
    name: NAME,
    where: WHERE,
    lagMs: settings.lag,
    stepMs: settings.step,
    queries: settings,
    fill: (query, { called, window }) =>
      filledIn(query, { called, write: ESCAPED[language], times: timesOf(window, language) }),
    ask: async (questions) => {
      const values: (number | undefined)[] = []
      for (const question of questions) {
        const numbers = await numbersOf(service, question)
        if (numbers === 'partial') return undefined
        values.push(numbers.length === 0 ? undefined : numbers.reduce((sum, n) => sum + n, 0))
      }
      return { values, warnings: [] }
    },
  })
}

/** InfluxDB 1.8 takes the stop of a range in Flux for a part of it, and 2 does not: a nanosecond before is right for both. */
function timesOf({ from, to }: Window, language: Language) {
  const time = (milliseconds: number) => new Date(milliseconds).toISOString()
  if (language !== 'flux') return { from: `'${time(from)}'`, to: `'${time(to)}'` }
  return { from: time(from), to: time(to - 1).replace('Z', '999999Z') }
}

/** A name within a text of the language: '…' in InfluxQL and SQL, "…" in Flux. */
const ESCAPED: Readonly<Record<Language, (name: string) => string>> = {
  influxql: (name) =>
    name.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/"/g, '\\"').replace(/\n/g, '\\n'),
  flux: (name) =>
    name.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\$\{/g, '\\${').replace(/\n/g, '\\n'),
  sql: (name) => name.replace(/'/g, "''"),
}

/** InfluxDB calls a token `Token`; its third version, for SQL, `Bearer`. */
function signInOf(env: Env, language: Language): Readonly<Record<string, string>> {
  const token = env[`${PREFIX}_TOKEN`]?.trim()
  if (language === 'sql' || token === undefined || token === '') return signInHeaders(env, PREFIX)
  return checkedHeaders({ authorization: `Token ${token}` }, `${PREFIX}_TOKEN`)
}

interface Service {
  readonly settings: InfluxdbSignals
  readonly headers: Readonly<Record<string, string>>
  readonly env: Env
  readonly http: HttpContext
}

async function numbersOf(
  { settings, headers, env, http }: Service,
  { query, where }: Question,
): Promise<Numbers> {
  const hide = createRedaction(secretsIn(env))
  const { url, contentType, body, accept } = sendingOf(settings, query)
  const answer = await request(
    {
      service: NAME,
      url,
      method: 'POST',
      headers: { ...headers, accept, 'content-type': contentType },
      body,
      signIn: `set ${PREFIX}_TOKEN, or ${PREFIX}_USERNAME and ${PREFIX}_PASSWORD.`,
      hide,
    },
    http,
  )
  const { status, text } = answer
  const said = excerptOf(text, hide)
  if (isOfQuery(status, said)) throw notEvaluated(NAME, where, said)
  if (status !== 200) throw notUnderstood(NAME, status, said)
  const numbers = READ[settings.language](text, where)
  if (numbers === undefined) throw notUnderstood(NAME, status, said)
  if (typeof numbers === 'object' && 'error' in numbers) {
    throw notEvaluated(NAME, where, excerptOf(numbers.error, hide))
  }
  return numbers
}

/** InfluxDB 1.8 answers 500 to what is wrong with Flux, too. */
function isOfQuery(status: number, said: string): boolean {
  if (status !== 500) return status === 400 || status === 404 || status === 422
  return /error loc|type error|undefined|invalid|compil|no database/i.test(said)
}

const READ = { influxql: influxqlNumbers, flux: fluxNumbers, sql: sqlNumbers }

interface Sending {
  readonly url: URL
  readonly contentType: string
  readonly body: string
  readonly accept: string
}

function sendingOf(settings: InfluxdbSignals, query: string): Sending {
  const { language, database = '', organization } = settings
  const { origin, pathname } = new URL(settings.url)
  const base = `${origin}${pathname.replace(/\/+$/, '')}`
  const json = { contentType: 'application/json', accept: 'application/json' }
  if (language === 'sql') {
    const body = JSON.stringify({ db: database, q: query, format: 'json' })
    return { ...json, url: new URL(`${base}/api/v3/query_sql`), body }
  }
  if (language === 'influxql') {
    const body = new URLSearchParams({ db: database, q: query, epoch: 'ms' }).toString()
    const contentType = 'application/x-www-form-urlencoded'
    return { ...json, contentType, url: new URL(`${base}/query`), body }
  }
  const url = new URL(`${base}/api/v2/query`)
  if (organization !== undefined) url.searchParams.set('org', organization)
  const dialect = { header: true, delimiter: ',', annotations: [] }
  const body = JSON.stringify({ query, type: 'flux', dialect })
  return { ...json, accept: 'application/csv', url, body }
}
