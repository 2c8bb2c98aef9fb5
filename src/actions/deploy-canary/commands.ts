import type { DeploySection } from '../../config/deploy.js'
import { type CommandName, parseCommand, usageOf } from '../../domain/rollout/commands.js'
import type { Pins } from '../../domain/rollout/pin.js'
import { ExternalError } from '../../errors.js'
import type { Forge, ThreadComment } from '../../ports/forge.js'
import type { Log } from '../../ports/host.js'
import { answer, answeredIn, MOST_REFUSALS, refusal } from './answers.js'
import { whyNot } from './who-may.js'

export interface CommandsContext {
  readonly forge: Pick<Forge, 'conversation' | 'people'>
  readonly log: Pick<Log, 'warn' | 'info'>
  /** The issue or pull request in which the rollout is shown. */
  readonly thread: number
  readonly pins: Pins
  /** When the rollout began (ISO 8601): earlier comments are not about it. */
  readonly since: string
  readonly settings: DeploySection['commands']
  /** Who made the change or started the run; undefined where that could not be found out: then it may be anybody. */
  readonly authors: readonly string[] | undefined
  /** Comments whose commands the rollout's state has already: they are not given again. */
  readonly applied?: readonly number[] | undefined
}

/** What a person who may has asked for. */
export interface PersonCommand {
  readonly name: CommandName
  readonly by: string
  /** Why, in their words; often empty. */
  readonly reason: string
  /** The forge's clock, ISO 8601. */
  readonly at: string
  /** The comment's number: whoever keeps it in the rollout's state is never given the command again. */
  readonly comment: number
  readonly url: string
  /** Answers the person, once the command has been carried out. Never throws. */
  done(markdown: string): Promise<void>
}

export interface PersonCommands {
  /**
   * The commands that are new since the last look, oldest first; each is given once. A forge that does not answer gives none,
   * with a warning: they come at a later look.
   */
  next(): Promise<readonly PersonCommand[]>
}

/** The forge's clock may be behind ours by so much. */
const SKEW = 60_000

/** Reads what people tell a rollout in comments: pinned to what is deployed, and only of those who may. */
export function createCommands(context: CommandsContext): PersonCommands {
  const taken = new Set<number>(context.applied)
  const desk: Desk = { context, taken, refused: 0 }
  return {
    async next() {
      if (context.settings.allow.length === 0) return []
      try {
        return await look(desk)
      } catch (error) {
        if (!(error instanceof ExternalError)) throw error
        context.log.warn(`Comments could not be read: ${error.message}`)
        return []
      }
    },
  }
}

interface Desk {
  readonly context: CommandsContext
  /** Comments that are done with. */
  readonly taken: Set<number>
  refused: number
}

async function look(desk: Desk): Promise<readonly PersonCommand[]> {
  const { forge, thread, since, log } = desk.context
  const from = Date.parse(since) - SKEW
  const comments = await forge.conversation.commentsOf(thread, new Date(from).toISOString())
  for (const id of answeredIn(comments)) desk.taken.add(id)
  const found: PersonCommand[] = []
  for (const comment of comments) {
    if (desk.taken.has(comment.id) || Date.parse(comment.createdAt) < from) continue
    try {
      const command = await commandOf(desk, comment)
      if (command !== undefined) found.push(command)
    } catch (error) {
      if (!(error instanceof ExternalError)) throw error
      // Later ones wait too: what comes after a command must not overtake it.
      log.warn(`The command in comment ${comment.id} could not be checked: ${error.message}`)
      break
    }
    desk.taken.add(comment.id)
  }
  return found
}

/** The command that a comment is, if it may be given; one that may not is answered with the reason. */
async function commandOf(desk: Desk, comment: ThreadComment): Promise<PersonCommand | undefined> {
  const command = comment.isBot ? undefined : parseCommand(comment.body)
  if (command === undefined) return undefined
  const { pins } = desk.context
  const problem =
    command.kind === 'malformed'
      ? `Write ${usageOf(command.name, pins)}.`
      : await whyNot(desk.context, comment, command)
  if (problem !== undefined || command.kind === 'malformed') {
    await refuse(desk, comment, problem ?? '')
    return undefined
  }
  const { id, author: by, createdAt: at, url } = comment
  const { name, reason } = command
  return {
    ...{ name, by, reason, at, comment: id, url },
    done: (markdown) => answer(answerDesk(desk), { to: comment, reaction: '+1', markdown }),
  }
}

async function refuse(desk: Desk, comment: ThreadComment, why: string): Promise<void> {
  if (desk.refused >= MOST_REFUSALS) return
  desk.refused += 1
  await answer(answerDesk(desk), { to: comment, reaction: 'confused', markdown: refusal(why) })
}

function answerDesk({ context: { forge, log } }: Desk) {
  return { conversation: forge.conversation, log }
}
