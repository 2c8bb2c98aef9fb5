import { randomUUID } from 'node:crypto'
import { type DriftEvent, keptEvent } from '../../../domain/drift/acting/event.js'
import type { LedgerEntry } from '../../../domain/drift/acting/ledger.js'
import type { PlanItem } from '../../../domain/drift/acting/plan.js'
import type { EventTrigger } from '../../../domain/drift/acting/trigger.js'
import { ExternalError, UserError } from '../../../errors.js'
import type { EventSender, TriggerLedger } from '../../../ports/events.js'
import {
  type Done,
  done,
  failedWith,
  onlyPlanned,
  passingOn,
  planOf,
  reasonOf,
  type TriggerWork,
} from './work.js'

/** The record of what fired; where it could not be opened, why. */
export type RecordOfFirings = {
  readonly ledger: TriggerLedger | undefined
  readonly problem: unknown
}

/** Plans one event on the record, claims it, sends it, and records that. Nothing is sent without a record. */
export async function performEvent(
  work: TriggerWork,
  record: RecordOfFirings,
  trigger: EventTrigger,
): Promise<Done> {
  const { ledger } = record
  if (ledger === undefined) throw record.problem
  const item = planOf(work, trigger, await ledger.read())
  if (item.action === 'hold') {
    if (item.cause === 'hours' && !work.dryRun) await keepForLater(work, ledger, item)
    return done(item, { fired: false })
  }
  try {
    // A secret that is missing is found out before anything is claimed, and in a dry run, too.
    const sender = await work.openSender(trigger)
    if (work.dryRun) return onlyPlanned(item)
    const claim = await claimFor(work, ledger, item)
    if (!claim.taken) return done(claim.item, { fired: false })
    return await fire({ work, ledger, sender, ...claim })
  } catch (error) {
    return failedWith(error, work, item)
  }
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
    event: keptEvent(item.event),
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
      const reason = `${item.reason}; a run before this one had sent it`
      return done(item, { fired: true, reason, at: item.abandoned, url: before.url })
    }
    const { url } = await sender.send({ ...item.event, key: item.key }, work.signal)
    await close(firing, 'fired', url)
    return done(item, { fired: true, at: work.now().toISOString(), url })
  } catch (error) {
    // Where it may have arrived, the next run looks before it sends. Without an end the claim would lock the others out.
    await close(firing, isRefusal(error) ? 'released' : 'failed')
    throw error
  }
}

async function sentBefore({ item, sender, work }: Firing) {
  try {
    return await sender.sentSince?.(item.abandoned ?? item.event.at)
  } catch (error) {
    // What is not known to have been sent is not sent again unseen: a training may be running. The earlier claim stays, and so the next run looks again.
    throw new UserError(
      {
        code: 'MW-DRIFT-516',
        where: 'drift.triggers',
        what: `a run before this one may have sent it, and whether it did could not be found out: ${reasonOf(passingOn(error, work))}`,
        fix: 'Give the job "permissions: actions: read"; the next run looks again.',
      },
      { cause: error },
    )
  }
}

function isRefusal(error: unknown): boolean {
  if (error instanceof ExternalError) return !error.details.retryable
  return error instanceof UserError
}

/** The event is out or refused already: a record that fails is a warning. */
async function close(
  { work, ledger, entry, item }: Firing,
  state: 'fired' | 'released' | 'failed',
  url?: string,
): Promise<void> {
  const { event: _event, ...rest } = entry
  try {
    const at = work.now().toISOString()
    await ledger.record({ ...rest, state, at, ...(url === undefined ? {} : { url }) })
  } catch (error) {
    work.log.warn(
      `${item.trigger.kind}: that it was ${state} could not be recorded: ${work.hide(reasonOf(passingOn(error, work)))}`,
    )
  }
}
