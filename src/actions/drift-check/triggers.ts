import { randomUUID } from 'node:crypto'
import type { DriftEvent } from '../../domain/drift/acting/event.js'
import type { LedgerEntry } from '../../domain/drift/acting/ledger.js'
import { type PlanItem, type PlanOptions, planTrigger } from '../../domain/drift/acting/plan.js'
import type { TriggerResult } from '../../domain/drift/acting/result.js'
import {
  type DriftTrigger,
  type EventTrigger,
  type IssueTrigger,
  sendsEvent,
} from '../../domain/drift/acting/trigger.js'
import { CancelledError, ExternalError, UserError } from '../../errors.js'
import type { EventSender, TriggerLedger } from '../../ports/events.js'
import type { Issues, RollingIssueName } from '../../ports/forge.js'
import type { Annotation, Log } from '../../ports/host.js'

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
}

export interface TriggersOutcome {
  readonly triggers: readonly TriggerResult[]
  /** One for each that failed: drift that nobody hears of is worth a line. */
  readonly annotations: readonly Annotation[]
}

/**
 * Plans and fires. Nothing that goes wrong here changes the decision: it is said in the result, in the log and in an
 * annotation, and the next run tries again. Throws only where the run is cancelled.
 */
export async function performTriggers(work: TriggerWork): Promise<TriggersOutcome> {
  const record = await openRecord(work)
  const results: Done[] = []
  for (const trigger of work.triggers) results.push(await performOne(work, record, trigger))
  return {
    triggers: results.map(({ result }) => result),
    annotations: results.filter(({ failed }) => failed).map(({ result }) => annotationOf(result)),
  }
}

interface Done {
  readonly result: TriggerResult
  readonly failed: boolean
}

type Record = { readonly ledger: TriggerLedger | undefined; readonly problem: unknown }

async function openRecord(work: TriggerWork): Promise<Record> {
  if (!work.triggers.some(sendsEvent)) return { ledger: undefined, problem: undefined }
  try {
    return { ledger: await work.openLedger(), problem: undefined }
  } catch (error) {
    return { ledger: undefined, problem: passingOn(error, work) }
  }
}

async function performOne(work: TriggerWork, record: Record, trigger: DriftTrigger): Promise<Done> {
  const blank = planOf(work, trigger, [])
  try {
    switch (trigger.kind) {
      case 'summary':
        return done(blank, { fired: blank.action === 'fire' })
      case 'issue':
        return await performIssue(work, trigger, blank)
      default:
        return await performEvent(work, record, trigger)
    }
  } catch (error) {
    const reason = reasonOf(passingOn(error, work))
    work.log.warn(`${trigger.kind} did not fire: ${reason}`)
    return done(blank, { fired: false, reason: withoutDot(reason), failed: true })
  }
}

function planOf<T extends DriftTrigger>(
  work: TriggerWork,
  trigger: T,
  ledger: readonly LedgerEntry[],
): PlanItem<T> {
  return planTrigger(trigger, { ...work.planning, ledger, now: work.now() })
}

interface Ending {
  readonly fired: boolean
  readonly reason?: string | undefined
  readonly at?: string | undefined
  readonly url?: string | undefined
  readonly failed?: boolean | undefined
}

function done(item: PlanItem, { fired, reason, at, url, failed = false }: Ending): Done {
  const result: TriggerResult = {
    kind: item.trigger.kind,
    fired,
    reason: reason ?? item.reason,
    target: item.target,
    key: item.key,
    ...(at === undefined ? {} : { at }),
    ...(url === undefined ? {} : { url }),
  }
  return { result, failed }
}

const DRY = 'nothing was sent, since this is a dry run'

async function performIssue(
  work: TriggerWork,
  trigger: IssueTrigger,
  item: PlanItem,
): Promise<Done> {
  const { event } = work.planning
  const ends = event.outcome === 'pass'
  if (item.action === 'hold' && !ends) return done(item, { fired: false })
  if (work.dryRun) return done(item, { fired: false, reason: DRY })
  const { issue, issues } = work
  if (issues === undefined) throw noForge(ends)
  const name = { project: event.project, workflow: issue.workflow, labels: trigger.labels }
  if (ends) return endIssue({ work, issues, item, name })
  const { url, change, unassigned } = await issues.report({
    ...name,
    title: `Drift: ${event.project}`,
    assignees: trigger.assignees,
    body: issue.body,
    about: issue.columns,
    comment: issue.changed,
  })
  if (unassigned) work.log.warn('The issue was written, but its assignees were refused.')
  const reason = `${item.reason}; the issue was ${change}`
  return done(item, { fired: true, at: work.now().toISOString(), url, reason })
}

interface IssueEnd {
  readonly work: TriggerWork
  readonly issues: Issues
  readonly item: PlanItem
  readonly name: RollingIssueName
}

async function endIssue({ work, issues, item, name }: IssueEnd): Promise<Done> {
  const closed = await issues.resolve(name, work.issue.ended)
  if (closed === undefined) return done(item, { fired: false })
  return done(item, {
    fired: false,
    url: closed.url,
    reason: 'drift has ended, and the issue was closed',
  })
}

function noForge(ends: boolean): UserError {
  return new UserError({
    code: 'MW-DRIFT-515',
    where: 'drift.triggers',
    what: `the issue cannot be ${ends ? 'closed' : 'written'} here: it is kept on GitHub, with a token.`,
    fix: 'Run it as a step of a workflow with the input github-token and "permissions: issues: write".',
  })
}

async function performEvent(
  work: TriggerWork,
  record: Record,
  trigger: EventTrigger,
): Promise<Done> {
  const { ledger } = record
  if (ledger === undefined) throw record.problem
  const item = planOf(work, trigger, await ledger.read())
  if (item.action === 'hold') {
    if (item.cause === 'hours' && !work.dryRun) await keepForLater(work, ledger, item)
    return done(item, { fired: false })
  }
  if (work.dryRun) return done(item, { fired: false, reason: DRY })
  // A secret that is missing is found out before anything is claimed.
  const sender = await work.openSender(trigger)
  const claim = await claimFor(work, ledger, item)
  if (!claim.taken) return done(claim.item, { fired: false })
  return fire({ work, ledger, sender, ...claim })
}

async function keepForLater(
  work: TriggerWork,
  ledger: TriggerLedger,
  item: PlanItem,
): Promise<void> {
  const entries = await ledger.read()
  if (entries.some(({ state, key }) => state === 'held' && key === item.key)) return
  await ledger.record(entryOf(work, item, 'held'))
}

function entryOf(
  work: TriggerWork,
  item: PlanItem,
  state: LedgerEntry['state'],
): LedgerEntry & { readonly event: DriftEvent } {
  return {
    state,
    key: item.key,
    trigger: item.identity,
    kind: item.trigger.kind,
    window: item.window,
    at: work.now().toISOString(),
    run: work.planning.run,
    event: item.event,
  }
}

interface Claim {
  readonly item: PlanItem
  readonly entry: LedgerEntry
  readonly taken: boolean
}

/** The plan is made anew on what others have written meanwhile. */
async function claimFor(work: TriggerWork, ledger: TriggerLedger, item: PlanItem): Promise<Claim> {
  const entry = { ...entryOf(work, item, 'claimed'), claim: randomUUID() }
  let fresh = item
  const taken = await ledger.claim(entry, (before) => {
    fresh = planOf(work, item.trigger, before)
    return fresh.action === 'fire' && fresh.key === item.key
  })
  return { item: fresh, entry, taken }
}

interface Firing extends Claim {
  readonly work: TriggerWork
  readonly ledger: TriggerLedger
  readonly sender: EventSender
}

async function fire(firing: Firing): Promise<Done> {
  const { work, item, sender } = firing
  try {
    const before = item.abandoned === undefined ? undefined : await sentBefore(firing)
    if (before !== undefined) {
      await close(firing, 'fired', before.url)
      const reason = `${item.reason}; a run that died had sent it`
      return done(item, { fired: true, reason, at: item.abandoned, url: before.url })
    }
    const { url } = await sender.send({ ...item.event, key: item.key }, work.signal)
    await close(firing, 'fired', url)
    return done(item, { fired: true, at: work.now().toISOString(), url })
  } catch (error) {
    // Where it may have arrived the claim stays, so that the next run looks before it sends.
    if (isRefusal(error)) await close(firing, 'released')
    throw error
  }
}

async function sentBefore({ item, sender, work }: Firing) {
  try {
    return await sender.sentSince?.(item.abandoned ?? item.event.at)
  } catch (error) {
    passingOn(error, work)
    // Twice with one key is better than never: receivers know it again.
    work.log.warn(`${item.trigger.kind}: whether it was sent before could not be found out.`)
    return undefined
  }
}

function isRefusal(error: unknown): boolean {
  if (error instanceof ExternalError) return !error.details.retryable
  return error instanceof UserError
}

/** The event is out or refused already: a record that fails is a warning. */
async function close(
  { work, ledger, entry, item }: Firing,
  state: 'fired' | 'released',
  url?: string,
): Promise<void> {
  const { event: _event, ...rest } = entry
  try {
    const at = work.now().toISOString()
    await ledger.record({ ...rest, state, at, ...(url === undefined ? {} : { url }) })
  } catch (error) {
    work.log.warn(
      `${item.trigger.kind}: that it was ${state} could not be recorded: ${reasonOf(passingOn(error, work))}`,
    )
  }
}

function annotationOf({ kind, target, reason }: TriggerResult): Annotation {
  return {
    level: 'warning',
    title: 'A trigger did not fire',
    message: `${kind} (${target}): ${reason}`,
  }
}

/** A cancelled run ends; everything else is said and goes on. */
function passingOn(error: unknown, work: TriggerWork): unknown {
  if (error instanceof CancelledError) throw error
  if (work.signal.aborted) throw new CancelledError('Cancelled while firing.', { cause: error })
  return error
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, '')
}
