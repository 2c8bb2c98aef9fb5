import type { CountQueries } from '../../config/deploy/count-queries.js'
import { type ArmCounters, NO_MIRROR } from '../../domain/rollout/observation.js'
import { UserError } from '../../errors.js'
import type { Gained, Signals, Stretch } from '../../ports/signals.js'
import { type Called, calledIn, withNames } from './selector.js'

/** From (inclusive) to (exclusive), milliseconds since 1970. */
export type Window = Pick<Stretch, 'from' | 'to'>

/** A query with everything filled in, and where a user has written it. */
export interface Question {
  readonly where: string
  readonly query: string
}

export interface Answers {
  /** For each question its number; undefined where there is nothing that counts it. */
  readonly values: readonly (number | undefined)[]
  readonly warnings: readonly string[]
}

/** A service that counts by queries, one number each. */
export interface CountingService {
  /** For messages. */
  readonly name: string
  /** Where its settings are, such as `deploy.signals.datadog`. */
  readonly where: string
  readonly lagMs: number
  /** The length of the intervals that it keeps; 1 where it keeps each request's own time. */
  readonly stepMs: number
  readonly queries: CountQueries
  /** A query for a version and a window; throws UserError for a name that cannot be written into it. */
  readonly fill: (
    query: string,
    values: { readonly called: Called; readonly window: Window },
  ) => string
  /** Undefined where an answer is only a part of what is there. */
  readonly ask: (questions: readonly Question[], window: Window) => Promise<Answers | undefined>
}

interface Filling {
  readonly called: Called
  /** A name as the language of the query has it; throws UserError for one that it cannot have. */
  readonly write: (name: string) => string
  readonly times?: Readonly<Record<'from' | 'to', string>> | undefined
}

/** Replaces `{name}` and `{version}`, and where they are given `{from}` and `{to}`. */
export function filledIn(query: string, { called, write, times }: Filling): string {
  const timed =
    times === undefined
      ? query
      : query.replace(/\{(from|to)\}/g, (_whole, key: 'from' | 'to') => times[key])
  return withNames(timed, called, write)
}

/**
 * What users met, by a service's queries. Where nothing counts either version's requests, or an answer is partial or no number, a
 * stretch is unknown, never zero; a version without a count beside one that has some has had no request.
 */
export function createCountedSignals(service: CountingService): Signals {
  const { name, lagMs, stepMs } = service
  // Agents report the versions at different moments.
  return { name, lagMs, stepMs, scraped: true, between: (stretch) => gainedIn(service, stretch) }
}

async function gainedIn(
  service: CountingService,
  { from, to, ...names }: Stretch,
): Promise<Gained | undefined> {
  const window = { from, to }
  const { stable, canary } = names
  const called = calledIn(names)
  const ofStable = questionsFor(service, { called: called.stable, window })
  const ofCanary = questionsFor(service, { called: called.canary, window })
  const answers = await service.ask([...ofStable, ...ofCanary], window)
  if (answers === undefined) return undefined
  const { values, warnings } = answers
  const half = ofStable.length
  const bounds = (service.queries.latency ?? []).map(({ 'up-to': bound }) => bound)
  if (!isWhole([values.slice(0, half), values.slice(half)], bounds.length)) return undefined
  const arm = (name: string, from: number) =>
    checked(service, { name, questions: ofStable, values: values.slice(from, from + half) })
  const arms = { stable: arm(stable, 0), canary: arm(canary, half) }
  return {
    counters: { ...arms, mirror: NO_MIRROR },
    latencyBounds: bounds,
    samples: [],
    warnings: [...warnings, ...silent(service, [values[1], values[half + 1]])],
  }
}

/** An `errors` that selects nothing looks like a version without a failure. */
function silent({ where, queries }: CountingService, errors: Values): readonly string[] {
  if (queries.errors === undefined || errors.some((count) => count !== undefined)) return []
  return [`${where}.errors has not counted anything: it is taken for no failed request.`]
}

type Values = readonly (number | undefined)[]

/** Whether what is known of the two versions can be counted. */
function isWhole(arms: readonly Values[], bounds: number): boolean {
  if (arms.every(([requests]) => requests === undefined)) return false
  return arms.every((values) => {
    const isNumber = values.every((n) => n === undefined || (n >= 0 && n < Infinity))
    // Its requests are counted and none of their times: all of them would look slow.
    const isUntimed = bounds > 0 && values.slice(-bounds).every((n) => n === undefined)
    return isNumber && !(isUntimed && (values[0] ?? 0) > 0)
  })
}

function questionsFor(
  { where, queries, fill }: CountingService,
  values: { readonly called: Called; readonly window: Window },
): readonly Question[] {
  const { requests, errors, latency = [] } = queries
  const named: [string, string | undefined][] = [
    ['requests', requests],
    ['errors', errors],
    ...latency.map(({ count }, i): [string, string] => [`latency[${i}].count`, count]),
  ]
  return named.flatMap(([key, query]) =>
    query === undefined ? [] : [{ where: `${where}.${key}`, query: fill(query, values) }],
  )
}

interface Counted {
  readonly name: string
  readonly questions: readonly Question[]
  readonly values: readonly (number | undefined)[]
}

function checked({ where, queries }: CountingService, arm: Counted): ArmCounters {
  const whole = arm.values.map((value = 0, i) =>
    wholeNumber(value, arm.questions[i]?.where ?? where),
  )
  const requests = whole[0] ?? 0
  const errors = queries.errors === undefined ? 0 : (whole[1] ?? 0)
  const upTo = whole.slice(queries.errors === undefined ? 1 : 2)
  const name = JSON.stringify(arm.name)
  if (errors > requests) {
    throw new UserError({
      code: 'MW-DEPLOY-281',
      where: `${where}.errors`,
      what: `version ${name} has ${errors} failed requests of ${requests}.`,
      fix: 'Let errors count a part of what requests counts, and let lag be long enough for both.',
    })
  }
  if ([...upTo, requests].some((count, i, all) => count < (all[i - 1] ?? 0))) {
    throw new UserError({
      code: 'MW-DEPLOY-282',
      where: `${where}.latency`,
      what: `version ${name} has ${upTo.join(', ')} requests up to the bounds, of ${requests}.`,
      fix: 'Let each count all requests that took no longer than its bound, the quickest too, of those that requests counts.',
    })
  }
  return counters({ requests, errors, upTo })
}

/** Sums of numbers with fractions may be off by a little; a rate or an estimate is no count. */
export function wholeNumber(value: number, where: string): number {
  const whole = Math.round(value)
  if (Math.abs(whole - value) <= 1e-6 * Math.max(1, value)) return whole
  throw new UserError({
    code: 'MW-DEPLOY-280',
    where,
    what: `the query gives ${value}, which is no count.`,
    fix: 'Write a query that counts requests over the whole time: no rate, no average, no sample that is scaled up.',
  })
}

interface Numbers {
  readonly requests: number
  readonly errors: number
  readonly upTo: readonly number[]
}

/** Counts by bucket from cumulative ones; without bounds nothing is known of latency. */
function counters({ requests, errors, upTo }: Numbers): ArmCounters {
  const cumulative = [...upTo, requests]
  const latency = upTo.length === 0 ? [0] : cumulative.map((n, i) => n - (cumulative[i - 1] ?? 0))
  return { assigned: requests, requests, errors, unreachable: 0, latency }
}
