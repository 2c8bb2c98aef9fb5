import { escapeMarkdown } from '../../../domain/report/escape.js'
import { ExternalError, UserError } from '../../../errors.js'
import type { Forge, PersonComment, PullRequestFacts } from '../../../ports/forge.js'
import type { CommentEvent, RunFacts } from '../../../ports/host.js'
import type { JobContext, JobReport } from '../../../runtime/job.js'
import { commentProblem } from '../../../runtime/person-comment.js'
import { headProblem } from './head-guard.js'
import { readOverridePolicy } from './override-policy.js'
import { type Command, parseCommand } from './parse.js'
import { evaluateProblem, overrideProblem } from './permission.js'
import { type Overridden, type RecordForge, recordOverride } from './record-override.js'
import type { CommandSettings } from './settings.js'

/** What of the forge commands need; the workflow's permissions are in action-templates/modelway-gate-command.yml. */
export type CommandForge = RecordForge & Pick<Forge, 'files'>

type CommandContext = Pick<JobContext<CommandSettings>, 'run' | 'log' | 'dryRun' | 'configFile'>

/** The status by which the pull request shows what became of `/evaluate`. */
export const EVALUATE_CONTEXT = 'modelway/evaluate'

/**
 * Answers a comment: `/evaluate` lets the next job run with the head's SHA, `/override-gate <reason>` records an override.
 * Everything is asked of the forge again; of the event only the comment's number and text are used. What is refused is
 * answered with the reason, and `proceed` is false.
 */
export async function runCommand(context: CommandContext, forge: CommandForge): Promise<JobReport> {
  const event = requireComment(context.run)
  const { pullRequest } = context.run
  const command = event.action === 'created' ? parseCommand(event.body) : undefined
  if (command === undefined || pullRequest === undefined) {
    return outcome('The comment is no command to the gate: nothing was done.', {})
  }
  const desk: Desk = { context, forge, event, pullRequest, command }
  const decided = await decide(desk)
  if (decided.kind === 'ignored') return outcome(decided.why, {})
  if (decided.kind === 'refused') return refuse(desk, decided.why)
  return decided.kind === 'evaluate'
    ? evaluate(desk, decided.pull)
    : override(desk, decided.overridden)
}

interface Desk {
  readonly context: CommandContext
  readonly forge: CommandForge
  readonly event: CommentEvent
  readonly pullRequest: number
  readonly command: Command
}

type Decided =
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'evaluate'; readonly pull: PullRequestFacts }
  | { readonly kind: 'override'; readonly overridden: Overridden }

function requireComment({ comment, event }: RunFacts): CommentEvent {
  if (comment !== undefined) return comment
  throw new UserError({
    code: 'MW-HOST-023',
    where: 'gate.mode',
    what: `mode command needs the event issue_comment; this run is for ${event ?? 'no event'}.`,
    fix: 'See action-templates/modelway-gate-command.yml.',
  })
}

const refused = (why: string): Decided => ({ kind: 'refused', why })

async function decide({ context, forge, event, pullRequest, command }: Desk): Promise<Decided> {
  const comment = await forge.conversation.comment(event.id)
  // An answer to a bot could be the next bot's command.
  if (comment === undefined || comment.isBot)
    return { kind: 'ignored', why: 'Nobody is there to answer.' }
  const problem = commentProblem(comment, pullRequest)
  if (problem !== undefined) return refused(problem)
  if (!sameText(comment.body, event.body))
    return refused('The comment was edited. Write a new one.')
  if (command.name === 'malformed') return refused(`Write it as ${command.usage}.`)
  const pull = await forge.pulls.get(pullRequest)
  if (pull === undefined || !pull.open) return refused('The pull request is not open.')
  const decided =
    command.name === 'evaluate'
      ? await decideEvaluate(forge, comment, pull)
      : await decideOverride(forge, { comment, pull, reason: command.reason, context })
  if (decided.kind === 'refused') return decided
  const { headSha: sha } = pull
  const seen = { pull, sha, commentedAt: comment.createdAt, named: command.commit }
  const unseen = await headProblem(seen, forge)
  if (unseen !== undefined) {
    return refused(`${unseen} Look at the head, and write the command again, with the full SHA.`)
  }
  const now = await forge.pulls.get(pullRequest)
  return now?.headSha === sha ? decided : refused('Another commit was pushed meanwhile.')
}

async function decideEvaluate(
  forge: CommandForge,
  comment: PersonComment,
  pull: PullRequestFacts,
): Promise<Decided> {
  const problem = await evaluateProblem(comment.author, forge.people)
  return problem === undefined ? { kind: 'evaluate', pull } : refused(problem)
}

async function decideOverride(
  forge: CommandForge,
  asked: Omit<Overridden, 'policy'> & { readonly context: CommandContext },
): Promise<Decided> {
  const { comment, pull, reason, context } = asked
  const policy = await readOverridePolicy(forge.files, {
    ref: `refs/heads/${pull.baseRef}`,
    path: context.configFile ?? 'modelway.yml',
  })
  const problem = await overrideProblem({ login: comment.author, pull, policy }, forge.people)
  if (problem !== undefined || policy === undefined)
    return refused(problem ?? 'There is no policy.')
  return { kind: 'override', overridden: { comment, pull, reason, policy } }
}

function sameText(a: string, b: string): boolean {
  return a.replace(/\r\n?/g, '\n').trim() === b.replace(/\r\n?/g, '\n').trim()
}

async function refuse(desk: Desk, why: string): Promise<JobReport> {
  const { forge, event, pullRequest } = desk
  await attempt(desk, async () => {
    await forge.conversation.react(event.id, 'confused')
    await forge.conversation.reply(pullRequest, `Nothing was done: ${escapeMarkdown(why)}`)
  })
  return outcome(`The command was refused. ${why}`, { 'pull-request': pullRequest })
}

async function evaluate(desk: Desk, pull: PullRequestFacts): Promise<JobReport> {
  const { forge, event, context } = desk
  const { headSha: sha, number } = pull
  await attempt(desk, () => forge.conversation.react(event.id, 'rocket'))
  await attempt(desk, () =>
    forge.statuses.create(sha, {
      state: 'pending',
      context: EVALUATE_CONTEXT,
      description: 'Evaluating on trusted runners.',
      targetUrl: context.run.runUrl,
    }),
  )
  return outcome(`Evaluation of pull request ${number} at ${sha}: go ahead.`, {
    ...{ proceed: true, sha, 'pull-request': number },
  })
}

async function override(desk: Desk, overridden: Overridden): Promise<JobReport> {
  const { forge, event, pullRequest, context } = desk
  const { pull, comment } = overridden
  if (!context.dryRun) {
    const answer = await recordOverride(forge, overridden)
    await attempt(desk, async () => {
      await forge.conversation.react(event.id, '+1')
      await forge.conversation.reply(pullRequest, answer)
    })
  }
  return outcome(
    `${comment.author} overrides the gate of pull request ${pullRequest} at ${pull.headSha}.`,
    {
      ...{ sha: pull.headSha, 'pull-request': pullRequest },
    },
  )
}

/** What people see of the answer, besides the log: its failure changes nothing. */
async function attempt({ context }: Desk, work: () => Promise<void>): Promise<void> {
  if (context.dryRun) return
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error
    context.log.warn(`The answer could not be written: ${error.message}`)
  }
}

function outcome(reason: string, outputs: JobReport['outputs']): JobReport {
  return {
    outputs: { proceed: false, ...outputs },
    reason: `Gate command: ${reason}`,
    markdown: `Gate command: ${escapeMarkdown(reason)}\n`,
    commentOn: 'none',
  }
}
