import type { DeploySection } from '../../config/deploy.js'
import { commandProblem, type ParsedCommand } from '../../domain/rollout/commands.js'
import type { Pins } from '../../domain/rollout/pin.js'
import type { Forge, PersonComment } from '../../ports/forge.js'
import { commentProblem, sameLogin } from '../../runtime/person-comment.js'
import { changedSince, speakerOf } from './speaker.js'

export interface WhoMay {
  readonly forge: Pick<Forge, 'conversation' | 'people'>
  /** The issue or pull request that the comment should be on. */
  readonly thread: number
  readonly pins: Pins
  readonly settings: DeploySection['commands']
  /** Who made the change or started the run; undefined where that could not be found out: then it may be anybody. */
  readonly authors: readonly string[] | undefined
}

/** Why a command is not taken from a comment; undefined when it is. Throws ExternalError where the forge does not answer. */
export async function whyNot(
  { forge, thread, pins, settings, authors }: WhoMay,
  comment: PersonComment,
  command: Extract<ParsedCommand, { kind: 'command' }>,
): Promise<string | undefined> {
  const problem = commentProblem(comment, thread)
  if (problem !== undefined) return problem
  const speaker = await speakerOf(forge.people, comment.author, settings.team)
  const isAuthor = authors?.some((login) => sameLogin(login, comment.author)) ?? true
  const rules = {
    allow: settings.allow,
    forward: settings.permission,
    back: settings['stop-permission'],
    team: settings.team,
    preventSelfPromotion: settings['prevent-self-promotion'],
  }
  return (
    commandProblem({ command, speaker, isAuthor, pins }, rules) ??
    (await changedSince(forge.conversation, comment))
  )
}
