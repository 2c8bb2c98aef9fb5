import { durationInWords } from './duration.js'
import type { DriftEvent } from './event.js'
import { type FiringHours, hoursInWords, isWithin } from './hours.js'
import {
  firings,
  type LedgerEntry,
  type Present,
  type RunIdentity,
  stateOfKey,
  unsent,
} from './ledger.js'
import {
  type DriftTrigger,
  type EventTrigger,
  identityOf,
  sendsEvent,
  type TriggerOutcome,
  targetOf,
} from './trigger.js'

/** What holds triggers back; times are milliseconds. */
export interface TriggerGuard {
  readonly 'cool-down'?: number | undefined
  readonly 'min-new-rows'?: number | undefined
  readonly hours?: FiringHours | undefined
  readonly budget?: { readonly most: number; readonly per: number } | undefined
}

export type HoldCause =
  | 'outcome'
  | 'fired'
  | 'claimed'
  | 'min-new-rows'
  | 'cool-down'
  | 'budget'
  | 'hours'

export interface PlanItem<T extends DriftTrigger = DriftTrigger> {
  readonly trigger: T
  /** Which trigger this is in the ledger. */
  readonly identity: string
  readonly target: string
  readonly action: 'fire' | 'hold'
  readonly cause: HoldCause | undefined
  /** In words, without a dot. */
  readonly reason: string
  /** Of project, trigger, window and class of outcome: the same for the same in every run. */
  readonly key: string
  readonly window: string
  /** The keys of outcomes of the same window that say more: after one of them this is no news. */
  readonly louder: readonly string[]
  /** What is sent: of this run, or of an earlier one that the hours held back. */
  readonly event: DriftEvent
  /** A run claimed this window at that time and died: it may have fired. */
  readonly abandoned: string | undefined
}

export interface PlanOptions {
  readonly guard: TriggerGuard
  /** What this run found; its `window` is the window's name. */
  readonly event: DriftEvent
  /** New rows in the window. */
  readonly rows: number
  readonly now: Date
  readonly run: RunIdentity
  readonly ledger: readonly LedgerEntry[]
  /** A digest of any JSON value, in hexadecimal digits (at least 40). */
  readonly digest: (value: unknown) => string
}

/** What fires and what does not, and why. Nothing is done: the ledger is asked again when a trigger is claimed. */
export function planTriggers(
  triggers: readonly DriftTrigger[],
  options: PlanOptions,
): readonly PlanItem[] {
  return triggers.map((trigger) => planTrigger(trigger, options))
}

export function planTrigger<T extends DriftTrigger>(trigger: T, options: PlanOptions): PlanItem<T> {
  const identity = options.digest(identityOf(trigger)).slice(0, 16)
  const item = (event: DriftEvent): Candidate<T> => ({
    ...{ trigger, identity, event, target: targetOf(trigger), window: event.window },
    ...keysOf(identity, event, options.digest),
  })
  const current = item(options.event)
  if (!sendsEvent(trigger)) return { ...current, ...judgeDisplay(trigger, options) }
  const judged = judgeCurrent(trigger, current, options)
  if (judged.action === 'fire') return { ...current, ...judged }
  return judgeUnsent(item, identity, options) ?? { ...current, ...judged }
}

/** What an earlier run left, where this one has nothing to send: the hours held it back, or that run died. */
function judgeUnsent<T extends DriftTrigger>(
  item: (event: DriftEvent) => Candidate<T>,
  identity: string,
  options: PlanOptions,
): PlanItem<T> | undefined {
  const present: Present = { now: options.now.getTime(), run: options.run }
  const left = unsent(options.ledger, identity, present)
  if (left === undefined || left.event.window === options.event.window) return undefined
  const candidate = item(left.event)
  const judged = judgeGuards(candidate, options)
  if (judged.action === 'hold') return undefined
  const reason = `${outcomeInWords(left.event.outcome)} in an earlier window: ${WHY_LEFT[left.state]}`
  return { ...candidate, ...judged, reason }
}

const WHY_LEFT = {
  held: 'the hours held it back',
  claimed: 'the run that had to send it died',
  failed: 'it could not be sent',
} as const

type Judgement = Pick<PlanItem, 'action' | 'cause' | 'reason' | 'abandoned'>
type Candidate<T extends DriftTrigger = DriftTrigger> = Omit<PlanItem<T>, keyof Judgement>

/** From the faintest to the loudest: of a window that said one, a louder one is news, and a fainter one is not. */
const CLASSES: readonly (readonly TriggerOutcome[])[] = [
  ['pass', 'inconclusive', 'no-data'],
  ['warn'],
  ['fail'],
]

function keysOf(
  identity: string,
  event: DriftEvent,
  digest: PlanOptions['digest'],
): { readonly key: string; readonly louder: readonly string[] } {
  const { project, repository = null, window, outcome } = event
  const keyOf = (about: string): string =>
    `modelway-${digest({ identity, project, repository, window, about }).slice(0, 40)}`
  const own = CLASSES.findIndex((outcomes) => outcomes.includes(outcome))
  const [key = '', ...louder] = CLASSES.slice(own).map((outcomes) => keyOf(outcomes.join()))
  return { key, louder }
}

function hold(cause: HoldCause, reason: string): Judgement {
  return { action: 'hold', cause, reason, abandoned: undefined }
}

function fire(reason: string, abandoned?: string): Judgement {
  return { action: 'fire', cause: undefined, reason, abandoned }
}

/** The summary and the rolling issue show how things are: they are written anew each time, so nothing is fired twice. */
function judgeDisplay(trigger: DriftTrigger, options: PlanOptions): Judgement {
  const refused = judgeOutcome(trigger, options.event.outcome)
  if (refused !== undefined) return refused
  const held = trigger.kind === 'issue' ? (judgeRows(options) ?? judgeHours(options)) : undefined
  return held ?? fire(outcomeInWords(options.event.outcome))
}

function judgeCurrent(
  trigger: EventTrigger,
  candidate: Candidate,
  options: PlanOptions,
): Judgement {
  return (
    judgeOutcome(trigger, options.event.outcome) ??
    judgeRows(options) ??
    judgeGuards(candidate, options)
  )
}

function judgeOutcome(trigger: DriftTrigger, outcome: TriggerOutcome): Judgement | undefined {
  if (trigger.on.includes(outcome)) return undefined
  return hold('outcome', `${outcomeInWords(outcome)}; it fires on ${trigger.on.join(', ')}`)
}

function judgeRows({ guard, event, rows }: PlanOptions): Judgement | undefined {
  const least = guard['min-new-rows']
  // Where there is no data there are never enough rows, and that is what such a trigger is to tell.
  if (least === undefined || rows >= least || event.outcome === 'no-data') return undefined
  return hold('min-new-rows', `${rows} new rows, fewer than ${least}`)
}

/** Everything that the ledger and the clock say. The hours come last: what only they hold back is fired later. */
function judgeGuards(candidate: Candidate, options: PlanOptions): Judgement {
  const present: Present = { now: options.now.getTime(), run: options.run }
  const { key, louder } = candidate
  const state = stateOfKey(options.ledger, key, present)
  for (const one of [state, ...louder.map((key) => stateOfKey(options.ledger, key, present))]) {
    if (one.state === 'fired') return hold('fired', `it has fired for this window at ${one.at}`)
    if (one.state === 'claimed')
      return hold('claimed', `another run has been firing it since ${one.at}`)
  }
  const times = firings(options.ledger, candidate.identity, present)
  const held = judgeCoolDown(times, options) ?? judgeBudget(times, options) ?? judgeHours(options)
  if (held !== undefined) return held
  const said = outcomeInWords(candidate.event.outcome)
  return state.state === 'abandoned' ? fire(said, state.at) : fire(said)
}

function judgeCoolDown(
  times: readonly number[],
  { guard, now }: PlanOptions,
): Judgement | undefined {
  const coolDown = guard['cool-down']
  const last = times.at(-1)
  if (coolDown === undefined || last === undefined || now.getTime() - last >= coolDown) {
    return undefined
  }
  const at = new Date(last).toISOString()
  return hold('cool-down', `it fired at ${at}, and stays quiet for ${durationInWords(coolDown)}`)
}

function judgeBudget(times: readonly number[], { guard, now }: PlanOptions): Judgement | undefined {
  if (guard.budget === undefined) return undefined
  const { most, per } = guard.budget
  const spent = times.filter((at) => now.getTime() - at < per).length
  if (spent < most) return undefined
  return hold(
    'budget',
    `it has fired ${spent} times in ${durationInWords(per)}; the budget is ${most}`,
  )
}

function judgeHours({ guard, now }: PlanOptions): Judgement | undefined {
  if (guard.hours === undefined || isWithin(guard.hours, now)) return undefined
  return hold('hours', `outside of ${hoursInWords(guard.hours)}`)
}

const OUTCOMES: Readonly<Record<TriggerOutcome, string>> = {
  pass: 'there is no drift',
  warn: 'some drift, under the limit',
  fail: 'drift',
  inconclusive: 'drift could not be judged',
  'no-data': 'there is no data, which is not drift',
}

function outcomeInWords(outcome: TriggerOutcome): string {
  return OUTCOMES[outcome]
}
