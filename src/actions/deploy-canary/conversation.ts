import { code, escapeMarkdown } from '../../domain/report/escape.js'
import type { ApprovalReport } from '../../domain/report/rollout/evidence.js'
import type { LiveRollout } from '../../domain/report/rollout/live.js'
import { weightOf } from '../../domain/rollout/machine.js'
import type { Pins } from '../../domain/rollout/pin.js'
import { stagesOf } from '../../domain/rollout/policy.js'
import { isWatching, type RolloutEvent, type RolloutState } from '../../domain/rollout/state.js'
import { authorsOf, refusal } from './answers.js'
import { createCommands, type PersonCommand, type PersonCommands } from './commands.js'
import { commitOf, type Deploy, versionOf } from './deploy.js'
import { commentWorkflow, createLiveComment, type LiveComment } from './live-comment.js'
import { liveThread, type Thread } from './thread.js'

/** How a rollout under way and people speak with one another; without a forge, nobody does. */
export interface Conversation {
  /** Where the last word is to stand; undefined: where the run's own comment stands. */
  readonly thread: Thread | undefined
  /** What the comment is of; undefined: of the run's own workflow. */
  readonly workflow: string | undefined
  /** What people have asked for since the last time, for the machine. Never throws for what the forge does. */
  outside(): Promise<readonly RolloutEvent[]>
  /** After each event, when the state is safe: shows it, and answers whoever asked for it. */
  step(state: RolloutState, event: RolloutEvent): void
  /** Resolves when all that was begun is written, and what has ended is closed. */
  settled(): Promise<void>
}

const SILENT: Conversation = {
  thread: undefined,
  workflow: undefined,
  outside: async () => [],
  step: () => undefined,
  settled: async () => undefined,
}

export interface Begun {
  readonly state: RolloutState
  readonly previousVersion: string
  readonly approvals?: readonly ApprovalReport[] | undefined
}

/** Opens the conversation about a rollout: in the pull request or the issue that the settings name. */
export async function openConversation(deploy: Deploy, begun: Begun): Promise<Conversation> {
  const { context } = deploy
  const { forge, settings, run, project, log } = context
  if (forge === undefined) return SILENT
  const { environment, live } = settings
  const commit = commitOf(deploy)
  const on = context.comment === 'off' ? 'off' : live.on
  const thread = await liveThread(on, { forge, run, project, environment, commit }, log)
  if (thread === undefined) return SILENT
  const pins: Pins = {
    commit,
    digest: deploy.registered.version.digest,
    rollout: begun.state.id,
  }
  const commands = createCommands({
    ...{ forge, log, pins, thread: thread.number, settings: settings.commands },
    since: begun.state.startedAt,
    authors: await authorsOf(forge, { commit, actor: run.actor }).catch(() => undefined),
    applied: begun.state.applied,
  })
  const workflow = workflowOf(deploy, thread)
  const comment = createLiveComment({
    comments: forge.commentsOn(thread.number),
    project,
    workflow,
    everyMs: live.every,
    now: context.now,
    log,
  })
  return createConversation({ deploy, begun, thread, workflow, pins, commands, comment })
}

/**
 * The run's own comment where it is on its own pull request; elsewhere one of the environment's, whichever workflow begins the rollout
 * and whichever ends it.
 */
function workflowOf({ context: { run, settings } }: Deploy, thread: Thread): string {
  const isOwn = thread.number === run.pullRequest && !settings.detach
  return isOwn ? (run.workflow ?? 'modelway') : commentWorkflow(settings.environment)
}

interface Desk {
  readonly deploy: Deploy
  readonly begun: Begun
  readonly thread: Thread
  readonly workflow: string
  readonly pins: Pins
  readonly commands: PersonCommands
  readonly comment: LiveComment
}

function createConversation(desk: Desk): Conversation {
  const { begun, thread, commands, comment } = desk
  const open = new Map<number, PersonCommand>()
  const answers: Promise<void>[] = []
  let state = begun.state
  comment.show(liveOf(desk, state))
  return {
    thread,
    workflow: desk.workflow,
    async outside() {
      const events: RolloutEvent[] = []
      for (const command of await commands.next()) {
        const event = eventOf(command)
        if (event === undefined) answers.push(command.done(statusWords(state)))
        else {
          open.set(command.comment, command)
          events.push(event)
        }
      }
      return events
    },
    step(next, event) {
      const before = state
      state = next
      comment.show(liveOf(desk, next))
      if (!('comment' in event) || event.comment === undefined) return
      const command = open.get(event.comment)
      open.delete(event.comment)
      if (command === undefined) return
      answers.push(command.done(nothingDone(event, { before, next }) ?? doneWords(command)))
    },
    async settled() {
      await Promise.all([comment.settled(), ...answers])
      if (state.outcome !== null) await closeThread(desk, state)
    },
  }
}

/** An issue is about a rollout under way; a pull request is left as it is. */
async function closeThread(
  { thread, deploy }: Desk,
  { outcome, reasons }: RolloutState,
): Promise<void> {
  const why = reasons.map(({ text }) => escapeMarkdown(text)).join(' ')
  await thread.close(`The rollout has ended: ${outcome ?? ''}. ${why}`).catch((error: unknown) => {
    deploy.context.log.warn(`The issue of the rollout could not be closed: ${String(error)}`)
  })
}

function eventOf({ name, by, at, comment }: PersonCommand): RolloutEvent | undefined {
  const said = { by, at, comment }
  switch (name) {
    case 'promote':
    case 'rollback':
      return { kind: 'told', to: name, ...said }
    case 'hold':
      return { kind: 'held', ...said }
    case 'resume':
      return { kind: 'released', ...said }
    case 'status':
      return undefined
  }
}

const DONE: Readonly<Record<PersonCommand['name'], string>> = {
  promote: 'promotes it: all users get the new version',
  rollback: 'takes it back: all users stay on the version before',
  hold: 'holds it at its weight: harm still takes it back',
  resume: 'lets it go on',
  status: 'asks how it stands',
}

/** What was asked for and could not be; undefined where it was done. */
function nothingDone(
  event: RolloutEvent,
  { before, next }: { readonly before: RolloutState; readonly next: RolloutState },
): string | undefined {
  if (event.kind === 'released' && before.hold === null) {
    return refusal('Nobody holds the rollout.')
  }
  if (event.kind !== 'told' || event.to !== 'promote' || next.outcome === 'promoted') {
    return undefined
  }
  return refusal('A shadow gives the new version no user. Deploy it with another mode.')
}

function doneWords({ name, by, reason }: PersonCommand): string {
  const why = reason === '' ? '' : ` (${escapeMarkdown(reason)})`
  return `${code(by)} ${DONE[name]}${why}.`
}

function statusWords(state: RolloutState): string {
  const reasons = state.reasons.map(({ text }) => escapeMarkdown(text)).join(' ')
  return `The rollout is at ${weightOf(state)}%. ${reasons}`.trimEnd()
}

function liveOf({ deploy, begun, pins }: Desk, state: RolloutState): LiveRollout {
  const { settings, run } = deploy.context
  const last = state.looks.at(-1)?.at
  const next =
    isWatching(state) && last !== undefined ? Date.parse(last) + settings.interval : undefined
  return {
    environment: settings.environment,
    version: versionOf(deploy),
    previousVersion: begun.previousVersion,
    mode: settings.mode,
    target: settings.target,
    phase: state.phase,
    hold: state.hold ?? undefined,
    weight: weightOf(state),
    planned: stagesOf(state.policy),
    step: state.step,
    steps: state.steps,
    looks: state.looks,
    reasons: state.reasons.map(({ text }) => text),
    approvals: begun.approvals,
    lastLook: last,
    nextLook: next === undefined ? undefined : new Date(next).toISOString(),
    runUrl: run.runUrl,
    pins,
    commands: settings.commands.allow,
  }
}
