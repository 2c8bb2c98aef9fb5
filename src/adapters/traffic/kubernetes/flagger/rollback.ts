import type { Roles, Split } from '../../../../ports/splitter.js'
import { type Operation, UNTRUE } from '../client/index.js'
import { type Json, numberAt, textAt } from '../json.js'
import { requireVersionPlace, templateValue } from '../template-version.js'
import { IN_FORCE, type Progress } from '../wait.js'
import { thresholdOf } from './analysis.js'
import { type Context, hold, look, targetOf, waitFor } from './context.js'
import { asIn, restarted } from './restart.js'
import { holdOf, isResting, isRolledOut, phaseOf, type Seen, splitOf } from './status.js'

const TRIES = 10

/**
 * The target goes back to stable first, so that whatever Flagger does next, it does with stable. Then Flagger goes back in its own
 * way: by its threshold of failed checks, or, where it has promoted the canary, by promoting stable without an analysis.
 */
export async function rollback(context: Context, roles: Roles): Promise<Split> {
  const { where } = context
  const stable = templateValue(roles.stable)
  await restore(context, stable)
  const seen = await look(context)
  const wasGoingBack = holdOf(seen.canary) === 'going-back'
  if (seen.primaryValue === stable) await failChecks(context, seen)
  else await promoteStable(context, seen, stable)
  const skipAnalysis = seen.primaryValue !== stable || wasGoingBack ? false : undefined
  await hold(context, { suspend: false, skipAnalysis, mark: undefined })
  return splitOf(await look(context), roles, where)
}

async function restore(context: Context, stable: string): Promise<void> {
  const { client, field, where } = context
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { canary, target, primary, primaryValue, value } = await look(context)
    const { path, tests } = requireVersionPlace(target, field, where)
    const isKept = primary !== undefined && primaryValue === stable
    const marks = isKept ? asIn(primary, target) : []
    if (value === stable && marks.length === 0) return
    const replace: Operation = { op: 'replace', path, value: stable }
    const done = await client.patch(targetOf(context, canary), [...tests, replace, ...marks])
    if (done !== UNTRUE) return
  }
}

/** Users meet stable as its primary: whatever is under way has failed. */
async function failChecks(context: Context, { canary }: Seen): Promise<void> {
  if (isResting(canary)) return
  await hold(context, { suspend: false, mark: 'going-back' })
  await waitFor(context, async (now) => {
    const phase = phaseOf(now.canary)
    // At the gate before a canary begins nobody meets it.
    if (isResting(now.canary) || phase === 'Waiting') return IN_FORCE
    await fail(context, now.canary)
    return { is: 'waiting', on: `its phase is ${phase}` }
  })
}

async function fail({ client, ref }: Context, canary: Json): Promise<void> {
  const most = thresholdOf(canary)
  const isOver = (numberAt(canary, 'status', 'failedChecks') ?? 0) >= most
  if (isOver || !['Progressing', 'WaitingPromotion'].includes(phaseOf(canary))) return
  const version = textAt(canary, 'metadata', 'resourceVersion')
  // Untrue: Flagger has written in between, and is looked at again.
  await client.patch(
    ref,
    [
      { op: 'test', path: '/metadata/resourceVersion', value: version },
      { op: 'add', path: '/status/failedChecks', value: most },
    ],
    'status',
  )
}

/** Users meet the canary as the primary. */
async function promoteStable(context: Context, before: Seen, stable: string): Promise<void> {
  const { canary, target } = before
  const phase = phaseOf(canary)
  // A version that it has failed once is no new revision to Flagger.
  if (phase === 'Failed') {
    await context.client.patch(targetOf(context, canary), restarted(target))
  }
  await hold(context, { suspend: false, skipAnalysis: true, mark: 'going-back' })
  // What was being promoted is written down as promoted once more, and stable only after it.
  const isTwice = phase === 'Promoting' || phase === 'Finalising'
  const passing = isTwice ? textAt(canary, 'status', 'lastAppliedSpec') : undefined
  await waitFor(context, (now): Progress => {
    const isDone =
      phaseOf(now.canary) === 'Succeeded' &&
      now.primaryValue === stable &&
      now.primary !== undefined &&
      isRolledOut(now.primary) &&
      (passing === undefined || textAt(now.canary, 'status', 'lastPromotedSpec') !== passing)
    const on = `its phase is ${phaseOf(now.canary)}, and its primary is ${now.primaryValue ?? 'not there'}`
    return isDone ? IN_FORCE : { is: 'waiting', on }
  })
}
