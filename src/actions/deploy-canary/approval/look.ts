import { speakerProblem } from '../../../domain/permission.js'
import { parseApproval, tally } from '../../../domain/rollout/approval.js'
import { pinFits, shortPin } from '../../../domain/rollout/pin.js'
import type { Forge, ThreadComment } from '../../../ports/forge.js'
import type { Log } from '../../../ports/host.js'
import { commentProblem, sameLogin } from '../../../runtime/person-comment.js'
import { answer, answeredIn, MOST_REFUSALS, refusal } from '../answers.js'
import { changedSince, speakerOf } from '../speaker.js'
import type { ApprovalRecord } from './record.js'
import { type ApprovalSubject, ask, findRequest } from './request.js'

/** What of the forge asking needs: `pull-requests: write`, or `issues: write` for an issue. */
export type ApprovalForge = Pick<Forge, 'conversation' | 'people' | 'pulls' | 'issues'>

export interface ApprovalDesk {
  readonly forge: ApprovalForge
  readonly log: Pick<Log, 'warn' | 'info'>
  readonly now: () => Date
  /** The issue or pull request. */
  readonly thread: number
  readonly subject: ApprovalSubject
  readonly rules: ApprovalRules
  /** Who made the change or started the run. */
  readonly authors: readonly string[]
}

/** The parts of deploy.approval that say whose word counts. */
export interface ApprovalRules {
  readonly permission: 'admin' | 'maintain' | 'write'
  readonly team?: string | undefined
  readonly 'prevent-self-approval': boolean
  readonly 'valid-for': number
}

export type ApprovalLook =
  | { readonly kind: 'pending' }
  | { readonly kind: 'approved'; readonly approvals: readonly ApprovalRecord[] }
  | { readonly kind: 'denied'; readonly by: string; readonly reason: string }

/**
 * One look at what people have answered; asks where nobody has been asked yet. Everything is read anew: comments, their
 * dates, and what their writers may do now. Throws ExternalError where the forge does not answer: that is never a yes.
 */
export async function lookForApproval(desk: ApprovalDesk): Promise<ApprovalLook> {
  const { forge, subject, thread } = desk
  const since = desk.now().getTime() - desk.rules['valid-for']
  const comments = await forge.conversation.commentsOf(thread, new Date(since).toISOString())
  const request = findRequest(comments, subject, since)
  if (request === undefined) {
    await ask(forge.conversation, thread, subject)
    return { kind: 'pending' }
  }
  const words = await wordsAfter(desk, request, comments)
  const counted = tally(words)
  const [deciding] = counted.words.toReversed()
  if (deciding === undefined || counted.kind === 'pending') return { kind: 'pending' }
  await acknowledge(desk, deciding, comments)
  if (counted.kind === 'denied') return { kind: 'denied', by: deciding.by, reason: deciding.reason }
  return { kind: 'approved', approvals: counted.words.map((word) => toRecord(desk, word)) }
}

interface Word {
  readonly kind: 'approve' | 'deny'
  readonly by: string
  readonly reason: string
  readonly comment: ThreadComment
}

/** Answers to the request that count, oldest first; others are answered with the reason, once. */
async function wordsAfter(
  desk: ApprovalDesk,
  request: ThreadComment,
  comments: readonly ThreadComment[],
): Promise<readonly Word[]> {
  const answered = answeredIn(comments)
  const words: Word[] = []
  let refused = answered.size
  for (const comment of comments) {
    if (comment.id <= request.id || comment.isBot) continue
    const word = await wordOf(desk, comment)
    if (word === undefined) continue
    if (typeof word !== 'string') words.push(word)
    else if (!answered.has(comment.id) && refused < MOST_REFUSALS) {
      refused += 1
      await answer(deskOf(desk), { to: comment, reaction: 'confused', markdown: refusal(word) })
    }
  }
  return words
}

function deskOf({ forge, log }: ApprovalDesk) {
  return { conversation: forge.conversation, log }
}

/** The word that a comment is, why it does not count, or undefined where it is no answer at all. */
async function wordOf(
  desk: ApprovalDesk,
  comment: ThreadComment,
): Promise<Word | string | undefined> {
  const { forge, subject, rules, authors, thread } = desk
  const parsed = parseApproval(comment.body)
  if (parsed === undefined) return undefined
  const pin = shortPin(subject.pins)
  if (parsed.kind === 'malformed') return `Write /approve ${pin} or /deny ${pin}.`
  const problem = commentProblem(comment, thread)
  if (problem !== undefined) return problem
  if (!pinFits(parsed.pin, subject.pins)) {
    return `It names ${parsed.pin}, and not what is to be deployed: ${pin}.`
  }
  const isAuthor = authors.some((login) => sameLogin(login, comment.author))
  if (parsed.kind === 'approve' && isAuthor && rules['prevent-self-approval']) {
    return 'Who made the change or started the run may not approve it.'
  }
  const speaker = await speakerOf(forge.people, comment.author, rules.team)
  const silenced = speakerProblem(speaker, { least: rules.permission, team: rules.team })
  if (silenced !== undefined) return silenced
  const changed = await changedSince(forge.conversation, comment)
  if (changed !== undefined) return changed
  return { kind: parsed.kind, by: comment.author, reason: parsed.reason, comment }
}

async function acknowledge(
  desk: ApprovalDesk,
  { kind, comment }: Word,
  comments: readonly ThreadComment[],
): Promise<void> {
  if (answeredIn(comments).has(comment.id)) return
  const markdown =
    kind === 'approve' ? 'Approved: the rollout goes on.' : 'Denied: nothing is deployed.'
  await answer(deskOf(desk), { to: comment, reaction: '+1', markdown })
}

function toRecord({ subject, rules }: ApprovalDesk, { by, comment }: Word): ApprovalRecord {
  const team = rules.team === undefined ? '' : ` or a seat in ${rules.team}`
  return {
    environment: subject.environment,
    by,
    at: comment.createdAt,
    via: 'comment',
    rule: `a comment by somebody with the permission ${rules.permission}${team}`,
    url: comment.url,
    ...(subject.pins.commit === undefined ? {} : { commit: subject.pins.commit }),
  }
}
