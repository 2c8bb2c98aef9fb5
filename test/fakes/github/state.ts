import { actionsBot, type Token, type User } from './identity.js'

/** What the stand-in remembers. Ids are given in order, times move on by a second with each change. */

export interface Comment {
  readonly id: number
  readonly issue: number
  readonly user: User
  readonly createdAt: string
  updatedAt: string
  body: string
}

export interface PullRequest {
  readonly number: number
  readonly title: string
  readonly user: User
  readonly headRef: string
  headSha: string
  /** `owner/name` of the repository that the change comes from. */
  readonly headRepository: string
  readonly baseRef: string
  readonly baseSha: string
  readonly createdAt: string
  state: 'open' | 'closed'
  /** The commit that it became on its base. */
  mergedAs?: string
}

/** A run of a workflow. */
export interface Run {
  readonly id: number
  readonly name: string
  readonly path: string
  readonly event: string
  readonly headSha: string
  readonly headBranch: string
  /** `owner/name`, of a fork too. */
  readonly headRepository: string
  status: string
  conclusion: string | null
  attempt: number
  readonly createdAt: string
}

/** What GitHub notes when a pull request's branch is rewritten. */
export interface IssueEvent {
  readonly id: number
  readonly issue: number
  readonly event: string
  readonly user: User
  readonly commitId: string | null
  readonly createdAt: string
}

export interface Reaction {
  readonly id: number
  readonly comment: number
  readonly user: User
  readonly content: string
  readonly createdAt: string
}

export interface CommitStatus {
  readonly id: number
  readonly sha: string
  readonly state: string
  readonly context: string
  readonly description: string | null
  readonly targetUrl: string | null
  readonly user: User
  readonly createdAt: string
}

export interface CheckRun {
  readonly id: number
  readonly headSha: string
  readonly createdAt: string
  readonly user: User
  fields: Readonly<Record<string, unknown>>
}

export interface DeploymentStatus {
  readonly id: number
  readonly state: string
  readonly description: string
  readonly environmentUrl: string
  readonly logUrl: string
  readonly user: User
  readonly createdAt: string
}

export interface Deployment {
  readonly id: number
  readonly ref: string
  readonly sha: string
  readonly task: string
  readonly environment: string
  readonly description: string | null
  readonly payload: unknown
  readonly transient: boolean
  readonly production: boolean
  readonly user: User
  readonly createdAt: string
  /** Oldest first. */
  readonly statuses: DeploymentStatus[]
}

export interface Dispatch {
  readonly eventType: string
  readonly clientPayload: unknown
}

/** An issue; `isPull` for what is a pull request in the list of issues. */
export interface Issue {
  readonly number: number
  readonly user: User
  readonly isPull: boolean
  readonly createdAt: string
  title: string
  body: string | null
  labels: readonly string[]
  assignees: readonly string[]
  state: 'open' | 'closed'
  stateReason: string | null
  updatedAt: string
}

export interface WorkflowDispatch {
  readonly workflow: string
  readonly ref: string
  readonly inputs: Readonly<Record<string, unknown>>
}

export interface Artifact {
  readonly id: number
  readonly name: string
  readonly sizeInBytes: number
  readonly runId: number
  readonly digest: string | null
  readonly expired: boolean
  readonly createdAt: string
  /** The zip; without it the download says that it is gone. */
  readonly zip: Buffer | undefined
}

export interface Environment {
  readonly reviewers: readonly User[]
  /** Slugs of teams that may review. */
  readonly teams: readonly string[]
  readonly preventSelfReview: boolean | undefined
  readonly waitTimer: number
  readonly branches: 'all' | 'protected' | 'patterns'
}

export interface Approval {
  readonly runId: number
  readonly environment: string
  readonly state: 'approved' | 'rejected' | 'pending'
  readonly user: User
  readonly comment: string
}

export class GitHubState {
  readonly tokens = new Map<string, Token>()
  readonly pulls = new Map<number, PullRequest>()
  /** Issues that are no pull requests. */
  readonly issues = new Set<number>()
  /** The issues that GitHub can tell more of than their number. */
  readonly tracked = new Map<number, Issue>()
  /** False where the repository has turned issues off. */
  hasIssues = true
  readonly refs = new Map<string, string>()
  /** Trees made through the API: path to content. */
  readonly trees = new Map<string, ReadonlyMap<string, Buffer>>()
  /** By a file's own name: its mode in trees, where it is not 100644. */
  readonly modes = new Map<string, string>()
  /** Branches that take changes by pull requests alone. */
  readonly protectedBranches = new Set<string>()
  /** Why GitHub refuses to merge pull requests now, as a missing review. */
  mergeRefused: string | undefined
  /** Branches that lack commits of the default branch, which a deployment merges unless told not to. */
  readonly behind = new Set<string>()
  readonly comments: Comment[] = []
  readonly statuses: CommitStatus[] = []
  readonly checkRuns: CheckRun[] = []
  readonly deployments: Deployment[] = []
  readonly environments = new Map<string, Environment>()
  /** What GitHub answers for environments where the plan has none for private repositories. */
  environmentsRefused: { readonly status: number; readonly message: string } | undefined
  readonly dispatches: Dispatch[] = []
  /** Type of a repository_dispatch to the file of the workflow that listens to it. */
  readonly listeners = new Map<string, string>()
  /** By file: the inputs of its workflow_dispatch; without that trigger undefined. */
  readonly workflows = new Map<string, { readonly inputs: readonly string[] | undefined }>()
  readonly workflowDispatches: WorkflowDispatch[] = []
  /** An Enterprise Server that does not know return_run_details yet. */
  before2026 = false
  readonly artifacts: Artifact[] = []
  readonly approvals: Approval[] = []
  readonly runs: Run[] = []
  readonly events: IssueEvent[] = []
  readonly reactions: Reaction[] = []
  /** By login in lower case: what they may do, and the name of their role. */
  readonly collaborators = new Map<string, { readonly permission: string; readonly role: string }>()
  /** `org/team` to the logins in it. */
  readonly teams = new Map<string, ReadonlySet<string>>()
  /** `sha:path` to the content. */
  readonly files = new Map<string, Buffer>()
  /** `base...head`, as commits, to the commit. */
  readonly mergeBases = new Map<string, string>()
  /** The first parent of a commit. */
  readonly parents = new Map<string, string>()
  readonly owner: string
  readonly name: string
  readonly defaultBranch = 'main'
  private ids = 1000
  private seconds = Date.UTC(2026, 0, 1) / 1000

  constructor(repository: string) {
    const [owner = '', name = ''] = repository.split('/')
    this.owner = owner
    this.name = name
  }

  get repository(): string {
    return `${this.owner}/${this.name}`
  }

  nextId(): number {
    this.ids += 1
    return this.ids
  }

  /** Sets the clock; it moves on by a second with each change. */
  setClock(milliseconds: number): void {
    this.seconds = Math.floor(milliseconds / 1000)
  }

  now(): string {
    this.seconds += 1
    return new Date(this.seconds * 1000).toISOString().replace('.000Z', 'Z')
  }

  /** A person, with an id that stays the same for the same login. */
  person(login: string): User {
    if (login === actionsBot.login) return actionsBot
    let id = 7
    for (const character of login) id = (id * 31 + (character.codePointAt(0) ?? 0)) % 9_000_000
    return { login, id: id + 1_000_000, type: login.endsWith('[bot]') ? 'Bot' : 'User' }
  }
}
