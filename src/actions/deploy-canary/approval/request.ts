import { createHash } from 'node:crypto'
import { code, escapeMarkdown, table } from '../../../domain/report/escape.js'
import { paragraphs } from '../../../domain/report/fragments.js'
import { link } from '../../../domain/report/link.js'
import { type Pins, shortPin } from '../../../domain/rollout/pin.js'
import type { Conversation, ThreadComment } from '../../../ports/forge.js'
import { isEdited } from '../../../runtime/person-comment.js'
import { firstLine } from '../answers.js'

/** What is to be approved. */
export interface ApprovalSubject {
  readonly environment: string
  readonly version: string
  readonly mode: string
  readonly pins: Pins
  /** The run that asks. */
  readonly runUrl: string | undefined
  /** Who may answer, in words. */
  readonly who: string
}

/** The hidden line by which a request is found again: for the same commit and model it is the same. */
function requestMarker({ environment, pins }: ApprovalSubject): string {
  const text = JSON.stringify([environment, pins.commit ?? '', pins.digest ?? ''])
  const key = createHash('sha256').update(text).digest('hex')
  return `<!-- modelway-approval request=${key} -->`
}

/** Our newest request for this subject, as we wrote it, among the comments, if it was made at `since` or later. */
export function findRequest(
  comments: readonly ThreadComment[],
  subject: ApprovalSubject,
  since: number,
): ThreadComment | undefined {
  const marker = requestMarker(subject)
  return comments.findLast(
    (comment) =>
      comment.isOurs &&
      !isEdited(comment) &&
      firstLine(comment.body) === marker &&
      Date.parse(comment.createdAt) >= since,
  )
}

/** Asks. */
export async function ask(
  conversation: Pick<Conversation, 'reply'>,
  thread: number,
  subject: ApprovalSubject,
): Promise<void> {
  await conversation.reply(thread, requestText(subject))
}

function requestText(subject: ApprovalSubject): string {
  const { environment, version, mode, pins, runUrl, who } = subject
  const pin = shortPin(pins)
  const rows = [
    ['Model', `${code(version)} ${code(pins.digest ?? 'without a digest')}`],
    ['Commit', code(pins.commit ?? 'unknown')],
    ['Environment', code(environment)],
    ['Mode', escapeMarkdown(mode)],
    ...(runUrl === undefined ? [] : [['Run', link('the run that asks', runUrl)]]),
  ]
  return paragraphs([
    `${requestMarker(subject)}\n### Approval wanted: ${code(version)} to ${code(environment)}`,
    table(['', ''], rows),
    `Nothing has been changed yet. ${escapeMarkdown(who)} Answer with a comment of your own whose first line is one of`,
    ['```', `/approve ${pin}`, `/deny ${pin} <reason>`, '```'].join('\n'),
    'It counts for this commit and this model only. Do not edit it afterwards: an edited comment does not count.',
  ])
}
