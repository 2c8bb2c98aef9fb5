import type { DriftEvent } from './event.js'

/** What fired, when, and for which window: the record that guards are judged by. */

/** Which run; a later attempt of a run begins only when the earlier one has ended. */
export interface RunIdentity {
  readonly id: string
  readonly attempt: number
}

export interface LedgerEntry {
  /**
   * `claimed` is written before firing and `fired` after it; `released` ends a claim that fired nothing; `failed` one that
   * may have: a later run looks, and fires it; `held` keeps what the hours held back.
   */
  readonly state: 'claimed' | 'fired' | 'released' | 'failed' | 'held'
  /** Of project, trigger, window and class of outcome. */
  readonly key: string
  /** Which trigger. */
  readonly trigger: string
  readonly kind: string
  readonly window: string
  /** ISO 8601. */
  readonly at: string
  /** Which claim was made or is ended. */
  readonly claim?: string | undefined
  readonly run?: RunIdentity | undefined
  readonly url?: string | undefined
  /** Of `held` and `claimed`: what is to be sent. */
  readonly event?: DriftEvent | undefined
}

/** After this time a claim without an end is taken for a run that died. Sending takes two minutes at most. */
const CLAIM_LIFE = 15 * 60_000

export interface Present {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly run: RunIdentity
}

export type KeyState =
  | { readonly state: 'free' }
  | { readonly state: 'fired'; readonly at: string }
  /** Another run is at it. */
  | { readonly state: 'claimed'; readonly at: string }
  /** A run claimed it and died or failed: whether it fired is not known. */
  | { readonly state: 'abandoned'; readonly at: string }

/** How things stand for one key. */
export function stateOfKey(
  entries: readonly LedgerEntry[],
  key: string,
  present: Present,
): KeyState {
  const mine = entries.filter((entry) => entry.key === key)
  const fired = mine.findLast(({ state }) => state === 'fired')
  if (fired !== undefined) return { state: 'fired', at: fired.at }
  const open = openClaims(mine)
  const live = open.find((claim) => isLive(claim, mine, present))
  if (live !== undefined) return { state: 'claimed', at: live.at }
  // The runs in between have looked for what the earlier ones left.
  const last = open.at(-1)
  return last === undefined ? { state: 'free' } : { state: 'abandoned', at: last.at }
}

/** When a trigger fired, or is just about to, in milliseconds since 1970, oldest first. */
export function firings(
  entries: readonly LedgerEntry[],
  trigger: string,
  present: Present,
): readonly number[] {
  const own = entries.filter((entry) => entry.trigger === trigger)
  const done = own.filter(({ state }) => state === 'fired')
  const coming = openClaims(own).filter((claim) => isLive(claim, own, present))
  return [...done, ...coming].map(({ at }) => Date.parse(at)).sort((a, b) => a - b)
}

/**
 * What is still to be sent, the newest of it: what the hours held back, or what a run had claimed that died. A later
 * firing of the trigger makes it good.
 */
export function unsent(
  entries: readonly LedgerEntry[],
  trigger: string,
  present: Present,
): { readonly event: DriftEvent; readonly state: 'held' | 'claimed' | 'failed' } | undefined {
  const own = entries.filter((entry) => entry.trigger === trigger)
  const lastFired = own.findLastIndex(({ state }) => state === 'fired')
  const open = new Set(openClaims(own))
  const last = own
    .slice(lastFired + 1)
    .findLast(
      (entry) => entry.state === 'held' || (open.has(entry) && !isLive(entry, own, present)),
    )
  if (last?.event === undefined) return undefined
  if (last.state === 'held') return { event: last.event, state: 'held' }
  return { event: last.event, state: hasFailed(last, own) ? 'failed' : 'claimed' }
}

/** The claims that neither fired nor were given back. */
export function openClaims(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const ended = new Set(
    entries
      .filter(({ state }) => state === 'fired' || state === 'released')
      .flatMap(({ claim }) => claim ?? []),
  )
  return entries.filter(
    ({ state, claim }) => state === 'claimed' && (claim === undefined || !ended.has(claim)),
  )
}

function hasFailed({ claim }: LedgerEntry, entries: readonly LedgerEntry[]): boolean {
  return entries.some((entry) => entry.state === 'failed' && entry.claim === claim)
}

function isLive(entry: LedgerEntry, entries: readonly LedgerEntry[], present: Present): boolean {
  const { at, run } = entry
  if (hasFailed(entry, entries)) return false
  // A step of this very attempt may also be at it; an earlier attempt cannot.
  if (run?.id === present.run.id && run.attempt < present.run.attempt) return false
  return present.now - Date.parse(at) < CLAIM_LIFE
}

/** Text that `readEntry` reads back: one line. */
export function writeEntry(entry: LedgerEntry): string {
  return JSON.stringify(entry)
}

const STATES = new Set<unknown>(['claimed', 'fired', 'released', 'failed', 'held'])

/** An entry from text; undefined where it is none, as a line that was cut off. */
export function readEntry(text: string): LedgerEntry | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isEntry(value) ? value : undefined
}

export function isEntry(value: unknown): value is LedgerEntry {
  if (typeof value !== 'object' || value === null) return false
  const entry = value as Readonly<Record<string, unknown>>
  const texts = ['key', 'trigger', 'kind', 'window', 'at']
  return (
    STATES.has(entry['state']) &&
    texts.every((name) => typeof entry[name] === 'string') &&
    (entry['event'] === undefined || isEvent(entry['event'])) &&
    Number.isFinite(Date.parse(String(entry['at'])))
  )
}

function isEvent(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const event = value as Readonly<Record<string, unknown>>
  return (
    ['project', 'outcome', 'window', 'at'].every((name) => typeof event[name] === 'string') &&
    Array.isArray(event['drifted'])
  )
}
