import * as z from 'zod'
import type { NewRelicSignals } from '../../config/deploy/new-relic.js'
import { ExternalError, UserError } from '../../errors.js'
import type { Signals } from '../../ports/signals.js'
import { createRedaction, excerptOf, type Redaction, secretsIn } from '../../secrets.js'
import { createCountedSignals, filledIn, type Question, type Window } from './counted.js'
import { checkedHeaders } from './credentials.js'
import { type HttpContext, request } from './http.js'
import { jsonOf } from './json-of.js'
import { PLAIN, plainName } from './plain-name.js'
import {
  noCredential,
  notEvaluated,
  notOneNumber,
  notUnderstood,
  otherIntervals,
} from './query-problems.js'

type Env = Readonly<Record<string, string | undefined>>

const NAME = 'New Relic'
const WHERE = 'deploy.signals.new-relic'
const VARIABLE = 'MODELWAY_NEW_RELIC_API_KEY'
const ADDRESSES = {
  us: 'https://api.newrelic.com/graphql',
  eu: 'https://api.eu.newrelic.com/graphql',
}
/** Queries in one request; NerdGraph runs a limited number of an account at a time. */
const AT_ONCE = 10

/**
 * What users met, by NRQL asked through NerdGraph. Where New Relic counts another time than was asked for, as it does for
 * metrics that it keeps by longer intervals, the answer is refused.
 */
export function createNewRelicSignals(
  settings: NewRelicSignals,
  env: Env,
  http: HttpContext,
): Signals {
  const service: NerdGraph = {
    url: new URL(settings.endpoint ?? ADDRESSES[settings.region]),
    account: settings.account,
    step: settings.step,
    headers: signInOf(env),
    hide: createRedaction(secretsIn(env)),
    http,
  }
  return createCountedSignals({
    name: NAME,
    where: WHERE,
    lagMs: settings.lag,
    stepMs: settings.step,
    queries: settings,
    fill: (query, { called, window }) => {
      const write = (name: string) => plainName(name, { where: WHERE, service: NAME, of: PLAIN })
      // On a line of its own: no comment at the end of the query can hide it.
      return `${filledIn(untimed(query), { called, write })}\nSINCE ${window.from} UNTIL ${window.to}`
    },
    ask: async (questions, window) => {
      const values: (number | undefined)[] = []
      for (let from = 0; from < questions.length; from += AT_ONCE) {
        const some = questions.slice(from, from + AT_ONCE)
        values.push(...(await numbersOf(service, some, window)))
      }
      return { values, warnings: [] }
    },
  })
}

interface NerdGraph {
  readonly url: URL
  readonly account: number
  readonly step: number
  readonly headers: Readonly<Record<string, string>>
  readonly hide: Redaction
  readonly http: HttpContext
}

function signInOf(env: Env): Readonly<Record<string, string>> {
  const key = env[VARIABLE]?.trim() ?? ''
  if (key === '') throw noCredential(NAME, VARIABLE)
  return {
    ...checkedHeaders({ 'api-key': key }, VARIABLE),
    accept: 'application/json',
    'content-type': 'application/json',
  }
}

function untimed(query: string): string {
  const clause = /\b(since|until|timeseries|compare\s+with)\b/i.exec(query)?.[1]
  if (clause === undefined) return query
  throw new UserError({
    code: 'MW-DEPLOY-291',
    where: WHERE,
    what: `a query has ${clause.toUpperCase()}, and would count another time.`,
    fix: 'Leave SINCE, UNTIL, TIMESERIES and COMPARE WITH out of the queries: the time is added to them.',
  })
}

const Numbers = z.object({
  results: z.array(z.record(z.string(), z.unknown())),
  metadata: z.object({ timeWindow: z.object({ begin: z.number(), end: z.number() }) }),
})

const Answer = z.object({
  errors: z
    .array(z.object({ message: z.string(), path: z.array(z.unknown()).nullish() }))
    .nullish(),
  data: z
    .object({
      actor: z.object({ account: z.record(z.string(), Numbers.nullable()).nullable() }).nullable(),
    })
    .nullish(),
})

async function numbersOf(
  service: NerdGraph,
  questions: readonly Question[],
  window: Window,
): Promise<readonly (number | undefined)[]> {
  const { url, headers, hide, http, step } = service
  const body = bodyOf(service, questions)
  const signIn = `set ${VARIABLE} to a user key of the account.`
  const sent = { service: NAME, url, method: 'POST', headers, body, signIn, hide } as const
  const { status, text } = await request(sent, http)
  const parsed = Answer.safeParse(jsonOf(text))
  if (!parsed.success) throw notUnderstood(NAME, status, excerptOf(text, hide))
  const [error] = parsed.data.errors ?? []
  if (error !== undefined) throw problemOf(error, { questions, status, hide })
  const account = parsed.data.data?.actor?.account
  if (account === undefined || account === null) {
    throw notUnderstood(NAME, status, 'there is no such account, or not for this key.')
  }
  return questions.map(({ where }, i) => {
    const answer = account[`q${i}`]
    if (answer === undefined || answer === null)
      throw notUnderstood(NAME, status, `${where}: none.`)
    const { begin, end } = answer.metadata.timeWindow
    if (begin !== window.from || end !== window.to) {
      throw otherIntervals(where, `what was between ${begin} and ${end}`, step)
    }
    return numberIn(answer.results, where)
  })
}

/** The queries go as variables: nothing in them is GraphQL. */
function bodyOf({ account, http }: NerdGraph, questions: readonly Question[]): string {
  const seconds = Math.max(1, Math.floor(http.timeoutMs / 1000))
  const names = questions.map((_, i) => `q${i}`)
  const parameters = names.map((name) => `, $${name}: Nrql!`).join('')
  const fields = names.map(
    (name) =>
      `${name}: nrql(query: $${name}, timeout: ${seconds}) { results metadata { timeWindow { begin end } } }`,
  )
  const query = `query($account: Int!${parameters}) { actor { account(id: $account) { ${fields.join(' ')} } } }`
  const texts = Object.fromEntries(questions.map(({ query: nrql }, i) => [`q${i}`, nrql]))
  return JSON.stringify({ query, variables: { account, ...texts } })
}

/** A row with one number; `facet` and other texts are no numbers. */
function numberIn(results: z.output<typeof Numbers>['results'], where: string): number | undefined {
  if (results.length > 1) throw notOneNumber(where)
  const values = Object.values(results[0] ?? {}).filter((value) => typeof value !== 'string')
  if (values.length > 1) throw notOneNumber(where)
  const [value] = values
  return value === undefined || value === null ? undefined : Number(value)
}

interface Asked {
  readonly questions: readonly Question[]
  readonly status: number
  readonly hide: Redaction
}

/** What is wrong with a query names it in its path; the rest is New Relic's. */
function problemOf(
  {
    message,
    path,
  }: { readonly message: string; readonly path?: readonly unknown[] | null | undefined },
  { questions, status, hide }: Asked,
): Error {
  const said = excerptOf(message, hide)
  const index = /^q(\d+)$/.exec(String(path?.at(-1)))?.[1]
  const question = index === undefined ? undefined : questions[Number(index)]
  const isPassing = /time(d )?\s?out|too many|try again|rate limit/i.test(said)
  if (question !== undefined && !isPassing) return notEvaluated(NAME, question.where, said)
  return new ExternalError({
    code: 'MW-DEPLOY-292',
    service: NAME,
    status,
    what: `gave no answer: ${said}`,
    retryable: isPassing,
  })
}
