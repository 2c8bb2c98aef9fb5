import type { Approval } from '../../../config/deploy/approval.js'
import type { DeploySection } from '../../../config/deploy.js'
import { CancelledError, ExternalError } from '../../../errors.js'
import type { Forge } from '../../../ports/forge.js'
import type { JobContext } from '../../../runtime/job.js'
import { authorsOf } from '../answers.js'
import { issueThread, pullRequestThread, type Thread } from '../thread.js'
import { askEnvironment } from './environment.js'
import { type ApprovalDesk, type ApprovalLook, lookForApproval } from './look.js'
import * as problems from './problems.js'
import type { ApprovalRecord } from './record.js'

export type ApprovalContext = Pick<
  JobContext<DeploySection>,
  'settings' | 'forge' | 'run' | 'log' | 'now' | 'signal' | 'project'
>

export interface ToApprove {
  readonly context: ApprovalContext
  /** As traffic names it. */
  readonly version: string
  /** `sha256:…` of the model. */
  readonly digest: string
}

interface Approving extends ToApprove {
  readonly forge: Forge
  readonly rules: Approval
  readonly commit: string | undefined
  readonly authors: readonly string[]
}

export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>

/** How the approval stands before anybody waits. */
type Opened =
  | { readonly kind: 'approved'; readonly approvals: readonly ApprovalRecord[] }
  | { readonly kind: 'asked'; readonly desk: ApprovalDesk; readonly thread: Thread }

/**
 * The approvals that deploy.approval asks for, found or waited for; empty where it asks for none. Throws before anything has
 * been changed: UserError where nobody approves, ExternalError where the forge cannot tell.
 */
export async function requireApproval(
  asked: ToApprove,
  sleep: Sleep,
): Promise<readonly ApprovalRecord[]> {
  const opened = await openApproval(asked)
  if (opened.kind === 'approved') return opened.approvals
  return waitForApproval(opened.desk, { sleep, thread: opened.thread, ...asked.context })
}

/**
 * The same at one look, for who does not wait but comes again later. Throws as `requireApproval` does, but for a denial and a
 * missing answer, which it gives back.
 */
export async function approvalNow(asked: ToApprove): Promise<ApprovalLook> {
  const opened = await openApproval(asked)
  return opened.kind === 'approved' ? opened : lookForApproval(opened.desk)
}

async function openApproval(asked: ToApprove): Promise<Opened> {
  const { settings, forge, run } = asked.context
  const { approval: rules, mode } = settings
  // The way back never waits for anybody.
  if (rules.require === 'none' || mode === 'rollback') return { kind: 'approved', approvals: [] }
  if (forge === undefined) throw problems.unknowable('there is no forge, or no token for it')
  const commit = run.headSha ?? run.sha
  const authors = rules['prevent-self-approval']
    ? await authorsOf(forge, { commit, actor: run.actor })
    : []
  const approving = { ...asked, forge, rules, commit, authors }
  const approvals = await reviewedBy(approving)
  if (approvals !== undefined) return { kind: 'approved', approvals }
  const thread = await threadOf(approving)
  return { kind: 'asked', thread, desk: deskOf(approving, thread) }
}

/** Approvals by the environment's reviewers; undefined where people are to be asked another way. */
async function reviewedBy(approving: Approving): Promise<readonly ApprovalRecord[] | undefined> {
  const { context, rules, forge, commit, authors } = approving
  const { environment } = context.settings
  const runId = Number(context.run.runId)
  if (!Number.isSafeInteger(runId)) throw problems.unknowable('the run has no number')
  const answer = await askEnvironment({
    ...{ forge, environment, runId, commit, now: context.now },
    attempt: context.run.runAttempt ?? 1,
    excluded: authors,
  })
  if (answer.kind === 'approved') return answer.approvals
  if (answer.kind === 'denied') throw problems.denied(answer.by, answer.reason)
  const mayAsk = rules.fallback !== 'none'
  if (answer.kind === 'no-reviewers') {
    if (mayAsk) return undefined
    throw problems.unprotected(environment, answer.why)
  }
  // Where there are reviewers, `reviewers` means them.
  if (mayAsk && rules.require === 'any') return undefined
  throw answer.kind === 'self-approved'
    ? problems.selfApproved(environment, answer.by)
    : problems.notReviewed(environment)
}

async function threadOf({ context, forge, rules, commit }: Approving): Promise<Thread> {
  const { run, project, settings } = context
  const place = { forge, run, project, environment: settings.environment, commit }
  if (rules.fallback === 'issue') return issueThread(place)
  const thread = await pullRequestThread(place)
  if (thread === undefined) throw problems.noPullRequest()
  return thread
}

function deskOf(approving: Approving, { number }: Pick<Thread, 'number'>): ApprovalDesk {
  const { context, forge, rules, commit, authors, version, digest } = approving
  const { environment, mode } = context.settings
  const team = rules.team === undefined ? '' : `, or be in ${rules.team}`
  const self = rules['prevent-self-approval']
    ? ' Who made the change or started the run may not.'
    : ''
  const subject = {
    ...{ environment, version, mode, pins: { commit, digest } },
    runUrl: context.run.runUrl,
    who: `Who approves must have the permission ${rules.permission}${team}.${self}`,
  }
  return { forge, log: context.log, now: context.now, thread: number, subject, rules, authors }
}

/** The first pause between two looks, and the longest. */
const FIRST_PAUSE = 5000
const LONGEST_PAUSE = 60_000

interface Waiting extends Pick<ApprovalContext, 'settings' | 'log' | 'now' | 'signal'> {
  readonly sleep: Sleep
  readonly thread: Thread
}

async function waitForApproval(
  desk: ApprovalDesk,
  { settings, log, now, signal, sleep, thread }: Waiting,
): Promise<readonly ApprovalRecord[]> {
  const { environment, approval } = settings
  const deadline = now().getTime() + approval.timeout
  log.info(`Waiting for an approval in ${thread.kind} ${thread.number}.`)
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const look = await tryLook(desk)
    const staysOpen =
      look.kind === 'pending' || (look.kind === 'approved' && settings.live.on === 'issue')
    if (!staysOpen) await close(thread, log)
    if (look.kind === 'approved') return look.approvals
    if (look.kind === 'denied') throw problems.denied(look.by, look.reason)
    const left = deadline - now().getTime()
    if (left <= 0) throw look.failure ?? problems.unanswered(environment, thread.number)
    await sleep(Math.min(Math.round(pause), left), signal)
    if (signal.aborted) throw new CancelledError('Cancelled while waiting for an approval.')
  }
}

type TriedLook =
  | Exclude<ApprovalLook, { kind: 'pending' }>
  | { readonly kind: 'pending'; readonly failure?: ExternalError }

/** A forge that does not answer for a moment has not said yes; one that never will is not waited for. */
async function tryLook(desk: ApprovalDesk): Promise<TriedLook> {
  try {
    return await lookForApproval(desk)
  } catch (failure) {
    if (!(failure instanceof ExternalError) || !failure.details.retryable) throw failure
    desk.log.warn(`The answers could not be read: ${failure.message}`)
    return { kind: 'pending', failure }
  }
}

async function close(thread: Thread, log: ApprovalContext['log']): Promise<void> {
  try {
    await thread.close('Answered.')
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error
    log.warn(`Issue ${thread.number} could not be closed: ${error.message}`)
  }
}
