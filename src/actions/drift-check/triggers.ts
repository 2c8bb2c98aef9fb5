import type { TriggerResult } from '../../domain/drift/acting/result.js'
import { type DriftTrigger, sendsEvent } from '../../domain/drift/acting/trigger.js'
import type { Annotation } from '../../ports/host.js'
import type { RecordOfFirings } from './triggers/firing.js'
import {
  type Done,
  done,
  failedWith,
  passingOn,
  planOf,
  type TriggersOutcome,
  type TriggerWork,
} from './triggers/work.js'

/**
 * Plans and fires. Nothing that goes wrong here changes the decision: it is said in the result and in an
 * annotation, and the next run tries again. Throws only where the run is cancelled.
 */
export async function performTriggers(work: TriggerWork): Promise<TriggersOutcome> {
  const record = await openRecord(work)
  const results: Done[] = []
  for (const trigger of work.triggers) {
    const one = await performOne(work, record, trigger)
    const { kind, target, fired, reason } = one.result
    if (!one.failed)
      work.log.info(`${kind} (${target}): ${fired ? 'fired' : 'not fired'}: ${reason}`)
    results.push(one)
  }
  return {
    triggers: results.map(({ result }) => result),
    annotations: results.filter(({ failed }) => failed).map(({ result }) => annotationOf(result)),
  }
}

async function openRecord(work: TriggerWork): Promise<RecordOfFirings> {
  if (!work.triggers.some(sendsEvent)) return { ledger: undefined, problem: undefined }
  try {
    return { ledger: await work.openLedger(), problem: undefined }
  } catch (error) {
    return { ledger: undefined, problem: passingOn(error, work) }
  }
}

async function performOne(
  work: TriggerWork,
  record: RecordOfFirings,
  trigger: DriftTrigger,
): Promise<Done> {
  const blank = planOf(work, trigger, [])
  try {
    switch (trigger.kind) {
      case 'summary':
        return done(blank, { fired: blank.action === 'fire' })
      case 'issue':
        return await (await import('./triggers/issue.js')).performIssue(work, trigger, blank)
      default:
        return await (await import('./triggers/firing.js')).performEvent(work, record, trigger)
    }
  } catch (error) {
    return failedWith(error, work, blank)
  }
}

function annotationOf({ kind, target, reason }: TriggerResult): Annotation {
  return {
    level: 'warning',
    title: 'A trigger did not fire',
    message: `${kind} (${target}): ${reason}`,
  }
}
