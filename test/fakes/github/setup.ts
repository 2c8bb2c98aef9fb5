import { createHash } from 'node:crypto'
import type { Failures } from './failures.js'
import { actionsBot, allPermissions, type Permissions, readOnly } from './identity.js'
import type {
  Approval,
  Comment,
  Environment,
  GitHubState,
  Issue,
  PullRequest,
  Run,
} from './state.js'

export interface PullRequestOptions {
  readonly number?: number | undefined
  readonly title?: string | undefined
  readonly author?: string | undefined
  readonly headRef?: string | undefined
  readonly headSha?: string | undefined
  readonly baseRef?: string | undefined
  readonly baseSha?: string | undefined
  /** `owner/name` of the fork that it comes from. */
  readonly fork?: string | undefined
  readonly state?: 'open' | 'closed' | undefined
}

export interface ArtifactOptions {
  readonly name: string
  readonly runId: number
  readonly zip?: Buffer | undefined
  readonly sizeInBytes?: number | undefined
  readonly expired?: boolean | undefined
  readonly digest?: string | null | undefined
}

export interface RunOptions {
  readonly id?: number | undefined
  readonly name?: string | undefined
  readonly path?: string | undefined
  readonly event?: string | undefined
  /** The pull request that it is for: gives commit, branch and repository. */
  readonly pull?: number | undefined
  readonly headSha?: string | undefined
  readonly headBranch?: string | undefined
  readonly headRepository?: string | undefined
  readonly conclusion?: string | undefined
}

/** A SHA-1 that stays the same for the same text. */
export function shaOf(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

/** What a test arranges before, and orders during, its calls. */
export class Setup {
  readonly #state: GitHubState
  readonly #failures: Failures

  constructor(state: GitHubState, failures: Failures) {
    this.#state = state
    this.#failures = failures
  }

  /** A workflow's GITHUB_TOKEN: it writes as github-actions[bot]. From a fork it may only read. */
  addWorkflowToken(
    secret: string,
    options: { permissions?: Permissions | undefined; fromFork?: boolean | undefined } = {},
  ): void {
    const permissions = options.permissions ?? allPermissions
    this.#state.tokens.set(secret, {
      user: actionsBot,
      kind: 'installation',
      permissions: options.fromFork === true ? readOnly(permissions) : permissions,
    })
  }

  /** A person's token, or another bot's (`login` ends with `[bot]`). */
  addPersonToken(secret: string, login: string, permissions: Permissions = allPermissions): void {
    const user = this.#state.person(login)
    const kind = user.type === 'Bot' ? 'installation' : 'personal'
    this.#state.tokens.set(secret, { user, kind, permissions })
  }

  addPullRequest(options: PullRequestOptions = {}): PullRequest {
    const state = this.#state
    const number = options.number ?? state.pulls.size + 1
    const headRef = options.headRef ?? `topic-${number}`
    const pull: PullRequest = {
      number,
      title: options.title ?? `Change ${number}`,
      user: state.person(options.author ?? 'octocat'),
      headRef,
      headSha: options.headSha ?? shaOf(`head ${number}`),
      headRepository: options.fork ?? state.repository,
      baseRef: options.baseRef ?? state.defaultBranch,
      baseSha: options.baseSha ?? shaOf('base'),
      createdAt: state.now(),
      state: options.state ?? 'open',
    }
    state.pulls.set(number, pull)
    if (options.fork === undefined) state.refs.set(headRef, pull.headSha)
    return pull
  }

  /** A comment that is there already; `login` need not have a token. */
  addComment(issue: number, login: string, body: string): Comment {
    const createdAt = this.#state.now()
    const user = this.#state.person(login)
    const id = this.#state.nextId()
    const comment = { id, issue, user, createdAt, updatedAt: createdAt, body }
    this.#state.comments.push(comment)
    return comment
  }

  /** An issue that is there already; `login` need not have a token. */
  addIssue(
    login: string,
    issue: { title: string; body: string; labels?: readonly string[] },
  ): Issue {
    const state = this.#state
    const createdAt = state.now()
    const made: Issue = {
      number: Math.max(0, ...state.pulls.keys(), ...state.issues) + 1,
      user: state.person(login),
      isPull: false,
      title: issue.title,
      body: issue.body,
      labels: issue.labels ?? [],
      assignees: [],
      state: 'open',
      stateReason: null,
      createdAt,
      updatedAt: createdAt,
    }
    state.issues.add(made.number)
    state.tracked.set(made.number, made)
    return made
  }

  /** A workflow's file; `inputs` of its workflow_dispatch, undefined where it has no such trigger. */
  addWorkflow(file: string, inputs: readonly string[] | undefined): void {
    this.#state.workflows.set(file, { inputs })
  }

  /** A branch or tag; `behind` makes GitHub merge the default branch into it at a deployment. */
  addRef(name: string, sha: string, options: { behind?: boolean | undefined } = {}): void {
    this.#state.refs.set(name, sha)
    if (options.behind === true) this.#state.behind.add(name)
  }

  /** `preventSelfReview: undefined` is an older Enterprise Server, which does not say it. */
  addEnvironment(
    name: string,
    reviewers: readonly string[] = [],
    rules: Partial<Omit<Environment, 'reviewers'>> = {},
  ): void {
    const people = reviewers.map((login) => this.#state.person(login))
    this.#state.environments.set(name, {
      ...{ teams: [], preventSelfReview: false, waitTimer: 0, branches: 'all', ...rules },
      reviewers: people,
    })
  }

  /** A plan without environments for private repositories. */
  refuseEnvironments(status: number, message: string): void {
    this.#state.environmentsRefused = { status, message }
  }

  addApproval(approval: {
    runId: number
    environment: string
    login: string
    comment?: string
    state?: Approval['state']
  }) {
    const { runId, environment, login, comment = '', state = 'approved' } = approval
    const user = this.#state.person(login)
    this.#state.approvals.push({ runId, environment, state, user, comment })
  }

  /** An artifact; with `zip` it can be downloaded, and its size and digest are the zip's unless given. */
  addArtifact(artifact: ArtifactOptions): number {
    const { name, runId, zip } = artifact
    const id = this.#state.nextId()
    const digest = `sha256:${createHash('sha256')
      .update(zip ?? name)
      .digest('hex')}`
    this.#state.artifacts.push({
      ...{ id, name, runId, zip },
      sizeInBytes: artifact.sizeInBytes ?? zip?.length ?? 0,
      expired: artifact.expired ?? false,
      digest: artifact.digest === undefined ? digest : artifact.digest,
      createdAt: this.#state.now(),
    })
    return id
  }

  /** A run of a workflow, created now; from the pull request's branch unless said otherwise. */
  addRun(options: RunOptions): Run {
    const pull = options.pull === undefined ? undefined : this.#state.pulls.get(options.pull)
    const run: Run = {
      id: options.id ?? this.#state.nextId(),
      name: options.name ?? 'ci',
      path: options.path ?? '.github/workflows/ci.yml',
      event: options.event ?? 'pull_request',
      headSha: options.headSha ?? pull?.headSha ?? shaOf('head'),
      headBranch: options.headBranch ?? pull?.headRef ?? this.#state.defaultBranch,
      headRepository: options.headRepository ?? pull?.headRepository ?? this.#state.repository,
      status: 'completed',
      conclusion: options.conclusion ?? 'success',
      attempt: 1,
      createdAt: this.#state.now(),
    }
    this.#state.runs.push(run)
    return run
  }

  /** Moves a pull request's head; `force` leaves the event that GitHub notes for a force-push. */
  push(number: number, headSha: string, options: { force?: boolean | undefined } = {}): void {
    const pull = this.#state.pulls.get(number)
    if (pull === undefined) throw new Error(`no pull request ${number}`)
    pull.headSha = headSha
    if (options.force === true) this.addEvent(number, 'head_ref_force_pushed')
  }

  addEvent(number: number, event: string): void {
    const pull = this.#state.pulls.get(number)
    if (pull === undefined) throw new Error(`no pull request ${number}`)
    this.#state.events.push({
      ...{ id: this.#state.nextId(), issue: number, event, user: pull.user },
      commitId: event === 'head_ref_force_pushed' ? pull.headSha : null,
      createdAt: this.#state.now(),
    })
  }

  /** `role` is the name of a custom role. */
  addCollaborator(login: string, permission: string, role = permission): void {
    this.#state.collaborators.set(login.toLowerCase(), { permission, role })
  }

  addTeam(team: string, logins: readonly string[]): void {
    this.#state.teams.set(team, new Set(logins.map((login) => login.toLowerCase())))
  }

  /** A file at a commit; a branch is set to that commit by addRef. */
  addFile(sha: string, path: string, content: string | Buffer): void {
    this.#state.files.set(`${sha}:${path}`, Buffer.from(content))
  }

  addMergeBase(base: string, head: string, sha: string): void {
    this.#state.mergeBases.set(`${base}...${head}`, sha)
  }

  addParent(sha: string, parent: string): void {
    this.#state.parents.set(sha, parent)
  }

  editComment(id: number, body: string): void {
    const comment = this.#state.comments.find((one) => one.id === id)
    if (comment === undefined) throw new Error(`no comment ${id}`)
    comment.body = body
    // Nobody edits within a second.
    this.#state.now()
    comment.updatedAt = this.#state.now()
  }

  /** The next calls of an operation (`issues/create-comment`, or `*`) get this status instead of their work. */
  failNext(operation: string, status: number, times = 1): void {
    this.#failures.order(operation, { kind: 'status', status }, times)
  }

  /** The next calls find their connection cut before any work. */
  resetNext(operation: string, times = 1): void {
    this.#failures.order(operation, { kind: 'reset' }, times)
  }

  /** The next calls do their work, but their answer is lost. */
  loseAnswer(operation: string, times = 1): void {
    this.#failures.order(operation, { kind: 'lost-answer' }, times)
  }

  /** The next calls meet a rate limit. */
  limitNext(
    operation: string,
    options: {
      status?: 403 | 429
      limit?: 'primary' | 'secondary'
      retryAfterSeconds?: number
      times?: number
    } = {},
  ): void {
    const { status = 403, limit = 'secondary', retryAfterSeconds = 1, times = 1 } = options
    this.#failures.order(operation, { kind: 'rate-limit', status, limit, retryAfterSeconds }, times)
  }
}
