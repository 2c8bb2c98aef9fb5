import { code, escapeMarkdown } from '../../../domain/report/escape.js'
import { type ParsedCommand, parseCommand, usageOf } from '../../../domain/rollout/commands.js'
import { ExternalError, UserError } from '../../../errors.js'
import type { Forge, PersonComment } from '../../../ports/forge.js'
import type { CommentEvent, RunFacts } from '../../../ports/host.js'
import type { JobContext, JobReport } from '../../../runtime/job.js'
import { answer, authorsOf, refusal } from '../answers.js'
import { whyNot } from '../who-may.js'
import { type Deployed, deployedTo } from './deployed.js'
import type { CommandSettings } from './settings.js'

export type CommandForge = Pick<Forge, 'conversation' | 'people' | 'pulls'>

type CommandContext = Pick<
  JobContext<CommandSettings>,
  'settings' | 'run' | 'log' | 'dryRun' | 'deployments'
>

/** What the next job is to do: end what is under way, go back to the version before, or look at the comments itself. */
type NextMode = 'abort' | 'rollback' | 'continue'

/**
 * Answers a comment where no job waits for it: whether the person may, for what is deployed now, and in which mode the next
 * job has to run. Everything is asked of the forge again; of the event only the comment's number is used.
 */
export async function runCommand(context: CommandContext, forge: CommandForge): Promise<JobReport> {
  const event = requireComment(context.run)
  const parsed = event.action === 'created' ? parseCommand(event.body) : undefined
  const comment = parsed === undefined ? undefined : await forge.conversation.comment(event.id)
  // An answer to a bot could be the next bot's command.
  if (parsed === undefined || comment === undefined || comment.isBot) {
    return outcome('The comment is no command to a rollout: nothing was done.')
  }
  const desk = { context, forge, comment }
  const command = parseCommand(comment.body)
  const decided = await decide(desk, command)
  if ('why' in decided) return refuse(desk, decided)
  return goAhead(desk, decided)
}

interface Desk {
  readonly context: CommandContext
  readonly forge: CommandForge
  readonly comment: PersonComment
}

interface Decided {
  readonly command: Extract<ParsedCommand, { kind: 'command' }>
  readonly deployed: Deployed
  readonly next: NextMode
}

interface Refused {
  readonly why: string
  /** Whether whoever drives the rollout reads the comment too, and answers it. */
  readonly underWay: boolean
}

function requireComment({ comment, event }: RunFacts): CommentEvent {
  if (comment !== undefined) return comment
  throw new UserError({
    code: 'MW-DEPLOY-380',
    where: 'deploy.mode',
    what: `mode command needs the event issue_comment; this run is for ${event ?? 'no event'}.`,
    fix: 'See action-templates/modelway-rollout-command.yml.',
  })
}

async function decide(desk: Desk, command: ParsedCommand | undefined): Promise<Decided | Refused> {
  const { context } = desk
  const { environment } = context.settings
  if (context.deployments === undefined) throw noRecords()
  const deployed = await deployedTo(context.deployments, environment)
  if (deployed === undefined) {
    const why = `Nothing is deployed to ${environment} that could be told anything.`
    return { why, underWay: false }
  }
  const { underWay, pins, version } = deployed
  if (command === undefined) return { why: 'The comment was edited. Write a new one.', underWay }
  if (command.kind === 'malformed')
    return { why: `Write ${usageOf(command.name, pins)}.`, underWay }
  const problem = await problemOf(desk, command, deployed)
  if (problem !== undefined) return { why: problem, underWay }
  const next = nextMode(command, deployed)
  if (next !== undefined) return { command, deployed, next }
  return { why: `No rollout to ${environment} is under way: ${version} has all users.`, underWay }
}

async function problemOf(
  { context, forge, comment }: Desk,
  command: Decided['command'],
  { pins }: Deployed,
): Promise<string | undefined> {
  const authors = await authorsOf(forge, { commit: pins.commit, actor: undefined })
  const settings = context.settings.commands
  return whyNot({ forge, thread: comment.issue, pins, settings, authors }, comment, command)
}

function noRecords(): UserError {
  return new UserError({
    code: 'MW-DEPLOY-381',
    where: 'deploy.mode',
    what: 'mode command reads the deployment records, and there are none without a token or in a dry run.',
    fix: 'Give the job `permissions: deployments: read` and the input github-token.',
  })
}

/**
 * A rollout under way is ended (`abort` does nothing where it has ended meanwhile, so that two answers to one comment never
 * go back twice); every other command is read by the run that goes on with it.
 */
function nextMode({ name }: Decided['command'], { underWay }: Deployed): NextMode | undefined {
  if (name === 'rollback') return underWay ? 'abort' : 'rollback'
  return underWay ? 'continue' : undefined
}

async function refuse(
  { context, forge, comment }: Desk,
  { why, underWay }: Refused,
): Promise<JobReport> {
  if (!context.dryRun && !underWay) {
    const desk = { conversation: forge.conversation, log: context.log }
    await answer(desk, { to: comment, reaction: 'confused', markdown: refusal(why) })
  }
  return outcome(`The command was refused. ${why}`)
}

async function goAhead(
  { context, forge, comment }: Desk,
  { command, deployed, next }: Decided,
): Promise<JobReport> {
  const desk = { conversation: forge.conversation, log: context.log }
  if (next === 'rollback' && !context.dryRun) {
    const markdown = `${code(comment.author)} takes ${code(deployed.version)} back.`
    await answer(desk, { to: comment, reaction: 'rocket', markdown })
  } else if (!context.dryRun) {
    // Not answered: the run that drives the rollout reads the comment too, and must not take it for done.
    await react(context, forge, comment)
  }
  const reason = `${comment.author} asks for /${command.name} of ${deployed.version}: go ahead with mode ${next}.`
  return outcome(reason, { proceed: true, 'next-mode': next })
}

async function react(
  { log }: CommandContext,
  { conversation }: CommandForge,
  { id }: PersonComment,
): Promise<void> {
  try {
    await conversation.react(id, 'eyes')
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error
    log.warn(`Comment ${id} got no reaction: ${error.message}`)
  }
}

function outcome(reason: string, outputs: JobReport['outputs'] = {}): JobReport {
  return {
    outputs: { proceed: false, ...outputs },
    reason: `Rollout command: ${reason}`,
    markdown: `Rollout command: ${escapeMarkdown(reason)}\n`,
    commentOn: 'none',
  }
}
