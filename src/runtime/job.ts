import type { SectionName } from '../config/file.js'
import type { Decision, FailOn } from '../domain/decision.js'
import type { Workspace } from '../files/workspace.js'
import type { Forge } from '../ports/forge.js'
import type { Annotation, Cache, Deployments, Log, RunFacts } from '../ports/host.js'
import type { RecordStore } from '../statements/record.js'
import type { InputLink, Subject } from '../statements/statement.js'

/** Everything that a job may use besides its own adapters. */
export interface JobContext<S> {
  readonly settings: S
  /** Another action's section of modelway.yml, unchecked; empty where there is none. */
  readonly section: (name: SectionName) => Readonly<Record<string, unknown>>
  readonly project: string
  readonly workspace: Workspace
  /** The statements so far. A job reads; the runtime writes the job's own statement. */
  readonly record: RecordStore
  readonly run: RunFacts
  readonly log: Log
  /** Aborted when the run is cancelled: stop what was started, then throw CancelledError. */
  readonly signal: AbortSignal
  /** The present time. */
  readonly now: () => Date
  /** Find out everything, change nothing. */
  readonly dryRun: boolean
  /** When to comment: what `tell` goes by, for a job that comments while it works. */
  readonly comment?: 'auto' | 'always' | 'off' | undefined
  readonly cache: Cache | undefined
  readonly deployments: Deployments | undefined
  /** Changes, runs and people of the forge, where the action is wired to it and has a token. */
  readonly forge?: Forge | undefined
  /** The values of the inputs that the user gave, by key of the settings: they override every configuration. */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined
  /** Path of the configuration file in the repository, with `/`: what `forge.files.fileAt` takes. */
  readonly configFile?: string | undefined
  /** Environment variables of the run, for user commands; never for settings. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder of all bundles, where an action finds the programs that it starts. */
  readonly distribution: URL
  readonly saveState: (name: string, value: string) => void
  /** Hides a secret in everything that is printed from now on. */
  readonly mask: (secret: string) => void
}

export type OutputValue =
  | string
  | number
  | boolean
  | readonly unknown[]
  | Readonly<Record<string, unknown>>
  | undefined

/** What a job found out and people are told: outputs, summary, comment and exit code are made from it. */
export interface JobResult {
  readonly outputs: Readonly<Record<string, OutputValue>>
  /** What only the output `json` has. */
  readonly details?: Readonly<Record<string, OutputValue>> | undefined
  /** Absent: the action does not decide, and passes when it ends. */
  readonly decision?: Decision | undefined
  readonly failOn?: FailOn | undefined
  /** One sentence for the log's last line and the failure's annotation. */
  readonly reason: string
  readonly annotations?: readonly Annotation[] | undefined
  /** The job's section of the comment and the summary, Markdown. */
  readonly markdown: string
  /** Which pull request gets the comment, or `none`; unless given, the run's own. */
  readonly commentOn?: number | 'none' | undefined
  /** What the comment is of, where several workflows write one together; unless given, the run's own workflow. */
  readonly commentWorkflow?: string | undefined
}

/** What a job found out; the runtime makes the statement of it, too. */
export interface JobOutcome extends JobResult {
  readonly subject: readonly Subject[]
  readonly predicate: object
  readonly inputs: readonly InputLink[]
  /** Files for later runs, kept as an artifact together with the statement. */
  readonly keep?: Keep | undefined
}

export interface Keep {
  /** The artifact's name; a name of the run's own is kept once. */
  readonly name: string
  /** Absolute paths below the working directory. */
  readonly files: readonly string[]
}

/** What a job found out that has no statement of its own to write: it reports on another's, or answers a person. */
export interface JobReport extends JobResult {
  readonly subject?: undefined
}

export type Job<S> = (context: JobContext<S>) => Promise<JobOutcome | JobReport>
