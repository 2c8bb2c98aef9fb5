import type { LedgerEntry } from '../../../domain/drift/acting/ledger.js'
import { type PlanItem, type PlanOptions, planTrigger } from '../../../domain/drift/acting/plan.js'
import type { TriggerResult } from '../../../domain/drift/acting/result.js'
import type { DriftTrigger, EventTrigger } from '../../../domain/drift/acting/trigger.js'
import { CancelledError } from '../../../errors.js'
import type { EventSender, TriggerLedger } from '../../../ports/events.js'
import type { Issues } from '../../../ports/forge.js'
import type { Annotation, Log } from '../../../ports/host.js'
import type { Redaction } from '../../../secrets.js'

/** What the rolling issue shows, Markdown in which text from outside is escaped already. */
export interface IssueTexts {
  readonly workflow: string
  readonly body: string
  /** The drifted columns, all of them, as they are. */
  readonly columns: readonly string[]
  /** The comment when those have changed, or drift is back. */
  readonly changed: string
  /** The comment that closes the issue. */
  readonly ended: string
}

export interface TriggerWork {
  readonly triggers: readonly DriftTrigger[]
  /** The ledger is read here. */
  readonly planning: Omit<PlanOptions, 'ledger' | 'now'>
  readonly issue: IssueTexts
  /** Called for those that fire only. */
  readonly openSender: (trigger: EventTrigger) => Promise<EventSender>
  /** Called where some trigger sends something. */
  readonly openLedger: () => Promise<TriggerLedger>
  /** Of the forge, where there is one and a token. */
  readonly issues: Issues | undefined
  readonly log: Log
  readonly dryRun: boolean
  readonly signal: AbortSignal
  readonly now: () => Date
  /** What no statement may show is hidden by it. */
  readonly hide: Redaction
}

export interface TriggersOutcome {
  readonly triggers: readonly TriggerResult[]
  /** One for each that failed: drift that nobody hears of is worth a line. */
  readonly annotations: readonly Annotation[]
}

/** How one trigger ended. */
export interface Done {
  readonly result: TriggerResult
  readonly failed: boolean
}

interface Ending {
  readonly fired: boolean
  readonly reason?: string | undefined
  readonly at?: string | undefined
  readonly url?: string | undefined
  readonly failed?: boolean | undefined
}

/** The result of a planned trigger; `reason` is the plan's unless given. */
export function done(item: PlanItem, { fired, reason, at, url, failed = false }: Ending): Done {
  const result: TriggerResult = {
    kind: item.trigger.kind,
    fired,
    ...(failed ? { failed } : {}),
    reason: reason ?? item.reason,
    target: item.target,
    key: item.key,
    ...(at === undefined ? {} : { at }),
    ...(url === undefined ? {} : { url }),
  }
  return { result, failed }
}

/** Of a dry run: what would have been, without being done. */
export function onlyPlanned(item: PlanItem): Done {
  return done(item, {
    fired: false,
    reason: `it would have fired, but for the dry run: ${item.reason}`,
  })
}

/** The plan in view of what is written at this moment. */
export function planOf<T extends DriftTrigger>(
  work: TriggerWork,
  trigger: T,
  ledger: readonly LedgerEntry[],
): PlanItem<T> {
  return planTrigger(trigger, { ...work.planning, ledger, now: work.now() })
}

/** What went wrong becomes the reason, which an annotation will say. Throws only where the run is cancelled. */
export function failedWith(error: unknown, work: TriggerWork, item: PlanItem): Done {
  const reason = work.hide(reasonOf(passingOn(error, work)))
  return done(item, { fired: false, reason: withoutDot(reason), failed: true })
}

/** A cancelled run ends; everything else is said and goes on. */
export function passingOn(error: unknown, work: TriggerWork): unknown {
  if (error instanceof CancelledError) throw error
  if (work.signal.aborted) throw new CancelledError('Cancelled while firing.', { cause: error })
  return error
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, '')
}
