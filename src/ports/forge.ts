import type { Permission } from '../domain/permission.js'
import type { Comments } from './host.js'
import type { OpenRepository } from './repository-writer.js'

/** What the forge (GitHub) knows of changes, runs and people. Only the forge's own answers: nothing that a change can write. */

/** A pull request as the forge has it now. */
export interface PullRequestFacts {
  readonly number: number
  readonly open: boolean
  readonly author: string
  readonly headSha: string
  readonly headRef: string
  /** `owner/name`; undefined when the fork was deleted. */
  readonly headRepository: string | undefined
  readonly baseRef: string
  /** The base branch's commit when the pull request was last changed: it may be behind the branch. */
  readonly baseSha: string
  readonly fromFork: boolean
  readonly url: string
}

export interface PullRequests {
  /** Undefined where there is none of that number. */
  get(number: number): Promise<PullRequestFacts | undefined>
  /** The open pull requests from a branch (`repository` is `owner/name`, of a fork too). */
  ofBranch(repository: string, ref: string): Promise<readonly PullRequestFacts[]>
  /** The pull requests, open or closed, that the forge associates with a commit. */
  ofCommit(sha: string): Promise<readonly PullRequestFacts[]>
  /** When the head branch was force-pushed, deleted or restored (ISO 8601, UTC), oldest first. */
  headRewrites(number: number): Promise<readonly string[]>
}

/** A run of a workflow. */
export interface WorkflowRun {
  readonly id: number
  /** The workflow's name; a pull request can write any name. */
  readonly workflow: string
  /** The workflow's file, as `.github/workflows/ci.yml`. */
  readonly path: string
  readonly event: string
  readonly headSha: string
  readonly headRef: string | undefined
  readonly headRepository: string | undefined
  /** `completed` once it has ended. */
  readonly status: string
  /** `success`, `failure`, `cancelled`, …; undefined until it has ended. */
  readonly conclusion: string | undefined
  readonly attempt: number
  /** The forge's clock, ISO 8601 in UTC; of the first attempt. */
  readonly createdAt: string
  readonly url: string
}

export interface RunFilter {
  /** A workflow's name, or its file with or without `.github/workflows/`. */
  readonly workflow?: string | undefined
  readonly event?: string | undefined
  /** Only those that ended well. */
  readonly successful?: boolean | undefined
}

export interface WorkflowRuns {
  get(id: number): Promise<WorkflowRun | undefined>
  /** Newest first. */
  ofCommit(sha: string, filter?: RunFilter): Promise<readonly WorkflowRun[]>
  /** The runs for a branch of a repository (`owner/name`, of a fork too) created at `since` or later, newest first. */
  ofBranch(repository: string, ref: string, since: string): Promise<readonly WorkflowRun[]>
  /** Runs its failed jobs again, and those that need them. */
  rerunFailed(id: number): Promise<void>
}

/** An artifact of a run. Its content is text by strangers. */
export interface RunArtifact {
  readonly id: number
  readonly name: string
  /** Of the zip, in bytes. */
  readonly size: number
  /** `sha256:…` of the zip, where the forge knows it. */
  readonly digest: string | undefined
  readonly expired: boolean
  readonly createdAt: string
}

/** What a download may cost; more is refused before it is written. */
export interface DownloadLimits {
  /** Bytes of the zip. */
  readonly compressed: number
  /** Bytes of all files taken, unpacked: counted while they are unpacked, not believed. */
  readonly unpacked: number
  /** Files in the zip, taken or not. */
  readonly files: number
  /** Which paths (with `/`) are taken; all unless given. */
  readonly take?: ((path: string) => boolean) | undefined
}

export interface DownloadedFile {
  /** Within the artifact, with `/`: never absolute, never with `..`. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** Artifacts of other runs. Throws UserError where one is over a limit, malformed, or gone. */
export interface RunArtifacts {
  /** Newest first, expired ones too. */
  ofRun(runId: number): Promise<readonly RunArtifact[]>
  /** The files, in memory. */
  download(artifact: RunArtifact, limits: DownloadLimits): Promise<readonly DownloadedFile[]>
  /** The files below a folder, which must be there and empty; gives their paths within it. */
  extract(artifact: RunArtifact, folder: string, limits: DownloadLimits): Promise<readonly string[]>
}

/** The repository's files and history at any commit. */
export interface RepositoryFiles {
  /** A file at a branch, tag or commit; undefined where there is none. Throws UserError over `maxBytes` (1 MiB). */
  fileAt(ref: string, path: string, maxBytes?: number): Promise<Uint8Array | undefined>
  /** The newest common ancestor of two commits or branches; undefined where there is none. */
  mergeBase(base: string, head: string): Promise<string | undefined>
  /** The commit that a branch, tag or short SHA names now; undefined where there is none. */
  commitOf(ref: string): Promise<string | undefined>
  /** The commit before a commit, of a merge the branch's own; undefined for the first, and where there is none such. */
  parentOf(commit: string): Promise<string | undefined>
}

export type { Permission }

export interface People {
  /** What a person may do in the repository. Custom roles count as the role that they are based on. */
  permissionOf(login: string): Promise<Permission>
  /** Whether a person is in `org/team`; undefined where the token may not know. */
  isMember(team: string, login: string): Promise<boolean | undefined>
}

/** A comment on an issue or a pull request. */
export interface PersonComment {
  readonly id: number
  /** The number of the issue or pull request that it is on. */
  readonly issue: number
  readonly body: string
  readonly author: string
  readonly isBot: boolean
  /** The forge's clock, ISO 8601 in UTC. */
  readonly createdAt: string
  readonly updatedAt: string
  readonly url: string
}

export type Reaction = '+1' | '-1' | 'confused' | 'eyes' | 'rocket'

/** A comment in a conversation that we take part in. */
export interface ThreadComment extends PersonComment {
  /** Written by ourselves: whatever it holds, nobody else has made it look so. */
  readonly isOurs: boolean
}

export interface Conversation {
  /** Undefined where it was deleted. */
  comment(id: number): Promise<PersonComment | undefined>
  /** All comments of an issue or a pull request, oldest first; those changed at `since` (ISO 8601) or later. */
  commentsOf(issue: number, since?: string): Promise<readonly ThreadComment[]>
  reply(issue: number, markdown: string): Promise<void>
  react(commentId: number, reaction: Reaction): Promise<void>
}

/** What an environment asks for before a job that names it may start. */
export interface EnvironmentRules {
  /** Logins of people and slugs of teams, one of which must approve; empty: nobody is asked. */
  readonly reviewers: readonly EnvironmentReviewer[]
  /** Whether who has started a run may not approve it; undefined where the forge does not say. */
  readonly preventsSelfReview: boolean | undefined
  /** Minutes that a job waits. */
  readonly waitMinutes: number
  /** From which branches a job may run: all, those that are protected, or those of patterns. */
  readonly branches: 'all' | 'protected' | 'patterns'
  /** Other rules, by the forge's names for them. */
  readonly others: readonly string[]
  readonly url: string
}

export interface EnvironmentReviewer {
  readonly kind: 'user' | 'team'
  readonly name: string
}

/** What is known of an environment. */
export type EnvironmentFacts =
  | { readonly kind: 'known'; readonly rules: EnvironmentRules }
  /** There is none of that name: its first job would make one, without rules. */
  | { readonly kind: 'absent' }
  /** The repository's plan has no such rules. */
  | { readonly kind: 'unavailable'; readonly why: string }

/** What a reviewer answered when a run asked for an environment. The forge does not say when. */
export interface EnvironmentReview {
  readonly state: 'approved' | 'rejected' | 'pending'
  readonly by: string
  readonly comment: string
}

/** Environments with rules of their own, and who let a run into them. */
export interface Environments {
  rulesOf(environment: string): Promise<EnvironmentFacts>
  /** The reviews of a run for one environment, of all its attempts, in the forge's order. */
  reviewsOf(runId: number, environment: string): Promise<readonly EnvironmentReview[]>
}

export interface CommitStatus {
  readonly state: 'error' | 'failure' | 'pending' | 'success'
  readonly context: string
  readonly description: string
  readonly targetUrl: string | undefined
  readonly createdAt: string
}

export interface CommitStatuses {
  /** Every status ever set on the commit, newest first. Whoever may write statuses may write any. */
  list(sha: string): Promise<readonly CommitStatus[]>
  create(sha: string, status: Omit<CommitStatus, 'createdAt'>): Promise<void>
}

/** The one issue that a project's workflow keeps about a state of affairs. */
export interface RollingIssueName {
  readonly project: string
  readonly workflow: string
  /** At least one: the first is what the issue is found by. */
  readonly labels: readonly string[]
}

export interface RollingIssue extends RollingIssueName {
  readonly title: string
  readonly assignees: readonly string[]
  /** Markdown; what does not fit is cut. */
  readonly body: string
  /** What the issue is about, such as the names of columns: a comment is made only when it changes. */
  readonly about: readonly string[]
  /** Markdown of the comment that is made when `about` changes, or when the issue is opened again. */
  readonly comment: string
}

export interface ReportedIssue {
  readonly url: string
  readonly number: number
  readonly change: 'created' | 'updated' | 'reopened'
  /** True where the forge refused the assignees, and the issue was written without them. */
  readonly unassigned: boolean
}

/** Rolling issues: found again by label, hidden marker and author; never a second for one name. */
export interface Issues {
  /** Opens the issue, brings it up to date, or opens it again. */
  report(issue: RollingIssue): Promise<ReportedIssue>
  /** Closes the issue with a comment; undefined where none is open. */
  resolve(
    name: RollingIssueName,
    comment: string,
  ): Promise<{ readonly url: string; readonly number: number } | undefined>
}

export interface RepositoryDispatch {
  readonly eventType: string
  /** `owner/name`; this repository unless given. */
  readonly repository?: string | undefined
  /** At most 10 keys and 64 KB. */
  readonly payload: Readonly<Record<string, unknown>>
}

export interface WorkflowDispatch {
  /** The file's name, such as `train.yml`. */
  readonly workflow: string
  /** A branch or tag; the default branch unless given. */
  readonly ref?: string | undefined
  /** At most 25. */
  readonly inputs: Readonly<Record<string, string>>
}

/** Events that start workflows. */
export interface Dispatches {
  repository(dispatch: RepositoryDispatch): Promise<void>
  /** The address of the run, where the forge tells it. */
  workflow(dispatch: WorkflowDispatch): Promise<{ readonly url: string | undefined }>
  /**
   * The run that such an event has started within minutes from `since` (ISO 8601): what an attempt at that time may have
   * left. Undefined where there is none; the events themselves leave no trace.
   */
  startedSince(
    what: { readonly eventType: string } | { readonly workflow: string },
    since: string,
  ): Promise<{ readonly url: string } | undefined>
}

/** A text as it was read, and what a write has to name in order to replace it. */
export interface RegisterContent {
  readonly content: string
  readonly version: string
}

/** Small texts in the repository, out of people's sight, that several runs change: each write is a compare-and-swap. */
export interface Registers {
  /** Undefined where nothing was ever written. */
  read(name: string): Promise<RegisterContent | undefined>
  /** False, and nothing written, where another run wrote since `version` was read; undefined is for the first write. */
  write(name: string, content: string, version: string | undefined): Promise<boolean>
}

/** The parts of a forge. Every method throws ExternalError when the forge fails or the token may not. */
export interface Forge {
  readonly pulls: PullRequests
  readonly runs: WorkflowRuns
  readonly runArtifacts: RunArtifacts
  readonly files: RepositoryFiles
  readonly people: People
  readonly conversation: Conversation
  readonly environments: Environments
  readonly statuses: CommitStatuses
  readonly issues: Issues
  readonly dispatches: Dispatches
  readonly registers: Registers
  readonly openRepository: OpenRepository
  /** The sticky comment of any pull request: a run for `workflow_run` has none of its own. */
  commentsOn(pullRequest: number): Comments
}
