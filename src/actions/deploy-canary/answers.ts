import { escapeMarkdown } from '../../domain/report/escape.js'
import { ExternalError } from '../../errors.js'
import type { Conversation, Forge, Reaction, ThreadComment } from '../../ports/forge.js'
import type { Log } from '../../ports/host.js'
import { isEdited } from '../../runtime/person-comment.js'

/**
 * Our answers to people's comments. Each begins with a hidden line that names the comment, so that whoever comes later knows
 * which have been answered; only in our own comments, as we wrote them, does that line say anything.
 */

const ANSWER = /^<!-- modelway-answer comment=(\d{1,15}) -->$/

function answerMarker(comment: number): string {
  return `<!-- modelway-answer comment=${comment} -->`
}

/** The first line of a comment. */
export function firstLine(body: string): string {
  return (body.split(/[\r\n]/, 1)[0] ?? '').trimEnd()
}

/** The comments of a thread that have an answer of ours. */
export function answeredIn(comments: readonly ThreadComment[]): ReadonlySet<number> {
  const ids = comments
    .filter((comment) => comment.isOurs && !isEdited(comment))
    .map(({ body }) => Number(ANSWER.exec(firstLine(body))?.[1] ?? 0))
  return new Set(ids.filter((id) => id > 0))
}

export interface AnswerDesk {
  readonly conversation: Pick<Conversation, 'reply' | 'react'>
  readonly log: Pick<Log, 'warn'>
}

export interface Answer {
  readonly to: { readonly id: number; readonly issue: number }
  readonly reaction: Reaction
  readonly markdown: string
}

/** Answers a comment with a reaction and a text. Its failure is a warning: what is decided does not hang on it. */
export async function answer(desk: AnswerDesk, { to, reaction, markdown }: Answer): Promise<void> {
  const { conversation, log } = desk
  try {
    await conversation.react(to.id, reaction)
    await conversation.reply(to.issue, `${answerMarker(to.id)}\n${markdown}`)
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error
    log.warn(`The answer to comment ${to.id} could not be written: ${error.message}`)
  }
}

/** The text of an answer that nothing came of. */
export function refusal(why: string): string {
  return `Nothing was done: ${escapeMarkdown(why)}`
}

/** So many refusals are told; more would be a way to make us write. */
export const MOST_REFUSALS = 10

/** Who made a change or started the run: who should not be the only one to approve it. */
export async function authorsOf(
  forge: Pick<Forge, 'pulls'>,
  { commit, actor }: { readonly commit: string | undefined; readonly actor: string | undefined },
): Promise<readonly string[]> {
  const pulls = commit === undefined ? [] : await forge.pulls.ofCommit(commit)
  return [...pulls.map(({ author }) => author), actor ?? ''].filter((login) => login !== '')
}
