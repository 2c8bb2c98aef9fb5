import { labelOf } from '../label.js'
import type { TriggerOutcome } from './trigger.js'

/** What happened, as receivers are told. Names of columns are text by strangers. */
export interface DriftEvent {
  readonly project: string
  /** `owner/name`, where there is a repository. */
  readonly repository?: string | undefined
  /** The forge's web pages; `https://github.com` unless given. */
  readonly serverUrl?: string | undefined
  readonly outcome: TriggerOutcome
  readonly decision: string
  /** In words, without a dot. */
  readonly reason: string
  /** The columns that drifted, the first of them. */
  readonly drifted: readonly string[]
  /** How many drifted. */
  readonly driftedCount: number
  /** The window of data that it is about; the same for every run on it. */
  readonly window: string
  /** Of what was judged, where it is known. */
  readonly digest?: string | undefined
  readonly runUrl?: string | undefined
  /** ISO 8601. */
  readonly at: string
}

/** An event on its way to one receiver. */
export interface KeyedEvent extends DriftEvent {
  /**
   * The same for one window, project, trigger and class of outcome, however often it is sent: drift that is found after all in a window
   * that was told to be empty has another.
   */
  readonly key: string
}

const MOST_NAMES = 50

/** The columns as an event carries them: the first fifty, each cut at 200 characters. */
export function driftedNames(
  columns: readonly string[],
): Pick<DriftEvent, 'drifted' | 'driftedCount'> {
  return { drifted: columns.slice(0, MOST_NAMES).map(labelOf), driftedCount: columns.length }
}

/** What the record keeps of the names, in bytes. */
const KEPT_NAMES = 4000
const KEPT_REASON = 1000

/** An event as the record keeps it until it is sent: with fewer names, since every run reads and writes the record. */
export function keptEvent(event: DriftEvent): DriftEvent {
  const { drifted, reason } = event
  let room = KEPT_NAMES
  const within = drifted.findIndex((name) => {
    room -= sizeOf(name)
    return room < 0
  })
  return {
    ...event,
    reason: reason.slice(0, KEPT_REASON),
    drifted: within < 0 ? drifted : drifted.slice(0, within),
  }
}

/** The largest `client_payload`, in bytes, with room for GitHub's own frame: it takes 64 KB. */
const PAYLOAD_LIMIT = 60_000

/** What receivers get, with snake case as events of GitHub have. Nine keys: GitHub takes ten. */
export function eventPayload(event: KeyedEvent): Readonly<Record<string, unknown>> {
  const { drifted } = event
  let kept = drifted.length
  while (kept > 0 && sizeOf(payload(event, drifted.slice(0, kept))) > PAYLOAD_LIMIT) {
    kept = Math.floor(kept / 2)
  }
  return payload(event, drifted.slice(0, kept))
}

function payload(event: KeyedEvent, drifted: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    key: event.key,
    project: labelOf(event.project),
    outcome: event.outcome,
    decision: event.decision,
    drifted,
    drifted_count: event.driftedCount,
    window: labelOf(event.window),
    digest: event.digest ?? null,
    run_url: event.runUrl ?? null,
  }
}

function sizeOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}

export const EVENT_TYPE = 'modelway.drift.v1'

/** The event as CloudEvents 1.0, structured JSON. Source and id are the same whichever run sends it. */
export function cloudEvent(event: KeyedEvent): Readonly<Record<string, unknown>> {
  const { repository, project, serverUrl = 'https://github.com' } = event
  const source =
    repository === undefined
      ? `urn:modelway:${encodeURIComponent(wellFormed(project))}`
      : `${serverUrl}/${repository.split('/').map(encodeURIComponent).join('/')}`
  return {
    specversion: '1.0',
    id: event.key,
    source,
    type: EVENT_TYPE,
    time: event.at,
    datacontenttype: 'application/json',
    data: { ...eventPayload(event), reason: event.reason },
  }
}

function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD')
}

/**
 * The inputs of a workflow with `{key}`, `{outcome}`, `{decision}` and `{run-url}` filled in. Nothing that data can
 * write is offered: many workflows paste their inputs into a shell.
 */
export function filledInputs(
  inputs: Readonly<Record<string, string>>,
  event: KeyedEvent,
): Readonly<Record<string, string>> {
  const { key, outcome, decision, runUrl = '' } = event
  const known: Readonly<Record<string, string>> = { key, outcome, decision, 'run-url': runUrl }
  const fill = (text: string): string =>
    text.replace(/\{(key|outcome|decision|run-url)\}/g, (_, name: string) => known[name] ?? '')
  return Object.fromEntries(Object.entries(inputs).map(([name, text]) => [name, fill(text)]))
}
