import { type LiveRollout, liveMarkdown } from '../../domain/report/rollout/live.js'
import type { Comments, Log } from '../../ports/host.js'
import { messageOf } from '../../runtime/attempt.js'

export interface LiveCommentOptions {
  /** Of the thread that it stands in; undefined: nobody sees it. */
  readonly comments: Comments | undefined
  readonly project: string
  /** Which of the thread's comments. */
  readonly workflow: string
  /** Milliseconds that are between two writings at least. */
  readonly everyMs: number
  readonly now: () => Date
  readonly log: Pick<Log, 'warn'>
}

export interface LiveComment {
  /** Writes it, unless it was written a moment ago. Never throws, and nothing that is decided waits for it. */
  show(rollout: LiveRollout): void
  /** Resolves when what was begun is written: before the end's own section takes its place. */
  settled(): Promise<void>
}

/** Failures in a row after which it is given up: a token that may not write will not learn it. */
const PATIENCE = 3

/** Keeps the comment about a rollout under way. */
export function createLiveComment(options: LiveCommentOptions): LiveComment {
  const { comments, now, log, everyMs } = options
  let last = Promise.resolve()
  let writing = false
  let writtenAt = Number.NEGATIVE_INFINITY
  let failed = 0
  const write = async (target: Comments, rollout: LiveRollout): Promise<void> => {
    const { project, workflow } = options
    try {
      await target.publish({ project, workflow, section: SECTION, markdown: liveMarkdown(rollout) })
      failed = 0
    } catch (error) {
      failed += 1
      log.warn(`The rollout's comment could not be written: ${messageOf(error)}`)
    } finally {
      writing = false
    }
  }
  return {
    show(rollout) {
      const at = now().getTime()
      // A slow forge gets no queue: the next look shows what is true then.
      if (comments === undefined || failed >= PATIENCE) return
      if (writing || at - writtenAt < everyMs) return
      writing = true
      writtenAt = at
      last = write(comments, rollout)
    },
    settled: () => last,
  }
}

/** The action's own section, so that the end's takes its place. */
const SECTION = 'deploy-canary'

/**
 * What the comment is of: the environment's rollout. One that is detached is begun, gone on with and ended by different
 * workflows, which write one comment.
 */
export function commentWorkflow(environment: string): string {
  return `rollout to ${environment}`
}
