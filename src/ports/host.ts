import type { Forge } from './forge.js'

/** The system that runs us (GitHub Actions, GitLab CI, Jenkins, a terminal), in the words of our jobs. */

export type AnnotationLevel = 'error' | 'warning' | 'notice'

export interface Annotation {
  readonly level: AnnotationLevel
  readonly title: string
  readonly message: string
  readonly file?: string | undefined
  readonly line?: number | undefined
}

/** Log lines. Text from outside (file contents, names) may be passed as it is: the host neutralises commands in it. */
export interface Log {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string): void
  /** Runs `work` with its lines folded under a title. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>
}

/** Where, and for what change, this run happens. Undefined where the host does not know. */
export interface RunFacts {
  readonly event: string | undefined
  readonly repository: string | undefined
  readonly sha: string | undefined
  readonly ref: string | undefined
  readonly workflow: string | undefined
  readonly job: string | undefined
  readonly runId: string | undefined
  readonly runAttempt: number | undefined
  readonly runUrl: string | undefined
  readonly actor: string | undefined
  readonly serverUrl: string | undefined
  /** The pull request that this run is for, when there is exactly one. */
  readonly pullRequest: number | undefined
  /** The pull request's head commit (on GitHub `sha` is the merge commit there). */
  readonly headSha: string | undefined
  /** True when the pull request comes from another repository, so that the token is read-only. */
  readonly fromFork: boolean
  /** The branch that the pull request or the merge queue's group is for, without `refs/heads/`. */
  readonly baseRef?: string | undefined
  /** That branch's commit, as the event says it. */
  readonly baseSha?: string | undefined
  /** Of `workflow_run`: the run whose end started this one. */
  readonly triggeringRun?: TriggeringRun | undefined
  /** Of `issue_comment`: the comment that started this run. */
  readonly comment?: CommentEvent | undefined
}

/** What the event says about the run whose end started this one. */
export interface TriggeringRun {
  readonly id: number
  readonly attempt: number
  /** `pull_request`, `push`, … */
  readonly event: string | undefined
  readonly workflow: string | undefined
  readonly conclusion: string | undefined
  readonly headSha: string
  readonly headRef: string | undefined
  /** `owner/name`, of a fork too; undefined when it was deleted. */
  readonly headRepository: string | undefined
  readonly url: string | undefined
}

/** What the event says about a comment. */
export interface CommentEvent {
  readonly id: number
  readonly action: string | undefined
  readonly author: string | undefined
  readonly body: string
}

/** Inputs, outputs, secrets and the state handed from main to post. */
export interface HostIo {
  /** The text of an input, or undefined where it is not set or blank. */
  readInput(name: string): string | undefined
  setOutput(name: string, value: string): void
  /** Hides a value in everything that is printed from now on. */
  mask(secret: string): void
  saveState(name: string, value: string): void
  readState(name: string): string | undefined
}

/** What a person sees of the run besides its log. All of it may fail with a warning, never with an error. */
export interface Feedback {
  /** Adds Markdown to the job's summary; the host keeps to its own size limits. */
  summarize(markdown: string): Promise<void>
  /** Shows findings at files and lines; those over the host's limits are counted in a last one. */
  annotate(annotations: readonly Annotation[]): void
}

/** One section of the single comment that a project's workflow keeps on a pull request. */
export interface CommentSection {
  readonly project: string
  readonly workflow: string
  /** Which action's section this is; replaces the earlier section of that name. */
  readonly section: string
  readonly markdown: string
  /** A link to the full report, shown when sections are cut. */
  readonly reportUrl?: string | undefined
}

/** The sticky comment. Throws ExternalError; the runtime turns that into a warning. */
export interface Comments {
  publish(section: CommentSection): Promise<{ readonly url: string }>
}

/** Files kept with the run for people and for later jobs. */
export interface Artifacts {
  upload(
    name: string,
    files: readonly string[],
    root: string,
  ): Promise<{ readonly url: string | undefined }>
}

/** Folders kept between runs by key. A miss is undefined; a failed save is a warning to the caller. */
export interface Cache {
  restore(
    paths: readonly string[],
    key: string,
    restoreKeys: readonly string[],
  ): Promise<string | undefined>
  save(paths: readonly string[], key: string): Promise<void>
}

export type DeploymentState =
  | 'pending'
  | 'queued'
  | 'in_progress'
  | 'success'
  | 'failure'
  | 'inactive'
  | 'error'

export interface DeploymentRequest {
  readonly environment: string
  readonly ref: string
  readonly description: string
  readonly payload: Readonly<Record<string, unknown>>
}

export interface DeploymentUpdate {
  readonly state: DeploymentState
  readonly description: string
  readonly environmentUrl?: string | undefined
}

/** Deployment records of the forge. */
export interface Deployments {
  create(request: DeploymentRequest): Promise<{ readonly id: string }>
  update(id: string, update: DeploymentUpdate): Promise<void>
  /** The newest deployments to an environment, newest first, with their latest state. */
  list(environment: string): Promise<
    readonly {
      readonly id: string
      readonly state: DeploymentState | undefined
      readonly payload: unknown
    }[]
  >
  /**
   * Says of earlier deployments to the environment that they are in use no more: those that are `success` and whose payload is
   * ours. The forge does so by itself, but not for production.
   */
  retireBefore(
    id: string,
    environment: string,
    isOurs: (payload: unknown) => boolean,
  ): Promise<void>
}

/** A host; what it cannot do is undefined, so that a job can check before it acts. */
export interface Host {
  readonly kind: 'github' | 'gitlab' | 'jenkins' | 'terminal'
  readonly run: RunFacts
  readonly log: Log
  readonly io: HostIo
  readonly feedback: Feedback
  readonly comments: Comments | undefined
  readonly artifacts: Artifacts | undefined
  readonly cache: Cache | undefined
  readonly deployments: Deployments | undefined
  /** Changes, runs and people of the forge, where there is a token for it. */
  readonly forge?: Forge | undefined
}
