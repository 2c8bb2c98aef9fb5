import { createHash } from 'node:crypto'
import type { Failures } from './failures.js'
import { actionsBot, allPermissions, type Permissions, readOnly } from './identity.js'
import type { Comment, GitHubState, PullRequest } from './state.js'

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

  /** A branch or tag; `behind` makes GitHub merge the default branch into it at a deployment. */
  addRef(name: string, sha: string, options: { behind?: boolean | undefined } = {}): void {
    this.#state.refs.set(name, sha)
    if (options.behind === true) this.#state.behind.add(name)
  }

  addEnvironment(name: string, reviewers: readonly string[] = []): void {
    const people = reviewers.map((login) => this.#state.person(login))
    this.#state.environments.set(name, { reviewers: people })
  }

  addApproval(approval: { runId: number; environment: string; login: string; comment?: string }) {
    const { runId, environment, login, comment = '' } = approval
    const user = this.#state.person(login)
    this.#state.approvals.push({ runId, environment, state: 'approved', user, comment })
  }

  addArtifact(artifact: { name: string; runId: number; sizeInBytes: number; expired?: boolean }) {
    this.#state.artifacts.push({
      expired: false,
      ...artifact,
      id: this.#state.nextId(),
      digest: `sha256:${createHash('sha256').update(artifact.name).digest('hex')}`,
      createdAt: this.#state.now(),
    })
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
