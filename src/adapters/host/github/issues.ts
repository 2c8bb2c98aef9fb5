import { ExternalError } from '../../../errors.js'
import type { Issues, ReportedIssue, RollingIssue, RollingIssueName } from '../../../ports/forge.js'
import { PER_PAGE, readPages } from './answers.js'
import { type CommentAuthor, createIsOurs } from './author.js'
import type { GitHubClient } from './client.js'
import type { Pauses } from './retry.js'
import { aboutOf, bodyOf, digestOf, fitted, isAbout, titleOf } from './rolling-issue.js'

export interface IssuesOptions {
  readonly client: GitHubClient
  readonly hide: (text: string) => string
  readonly pauses: Pauses
}

const NEEDS = 'issues: write'
/** How long another run that opens the issue at the same time gets to be seen. */
const SETTLE = 1000

interface Found {
  readonly number: number
  readonly open: boolean
  readonly body: string
  readonly url: string
}

/**
 * Rolling issues. GitHub has no way to make an issue only if there is none: after one was made the list is read again,
 * and of twins the oldest stays and the others are closed, whoever made them.
 */
export function createIssues(options: IssuesOptions): Issues {
  const desk = createDesk(options)
  return {
    report: (issue) => report(desk, issue),
    async resolve(name, comment) {
      const [first, ...others] = await desk.find(name)
      await closeTwins(desk, first, others)
      if (first?.open !== true) return undefined
      await desk.comment(first.number, comment)
      await desk.update(first.number, { state: 'closed', state_reason: 'completed' })
      return { url: first.url, number: first.number }
    },
  }
}

async function report(desk: Desk, issue: RollingIssue): Promise<ReportedIssue> {
  const body = bodyOf(issue)
  const before = await desk.find(issue)
  if (before.length > 0) return bringUpToDate(desk, issue, before)
  const { made, unassigned } = await create(desk, issue, body)
  await desk.settle()
  const after = await desk.find(issue)
  const [first] = after
  if (first === undefined || first.number === made.number) {
    await closeTwins(desk, made, after.slice(1))
    return { ...reported(made), change: 'created', unassigned }
  }
  // Another run was faster: its issue is the one.
  return bringUpToDate(desk, issue, after)
}

async function bringUpToDate(
  desk: Desk,
  issue: RollingIssue,
  [first, ...others]: readonly Found[],
): Promise<ReportedIssue> {
  if (first === undefined) throw new Error('no issue to bring up to date')
  await closeTwins(desk, first, others)
  const body = bodyOf(issue)
  const reopen = first.open ? {} : { state: 'open', state_reason: 'reopened' }
  await desk.update(first.number, { title: titleOf(issue), body, ...reopen })
  if (!first.open || aboutOf(first.body) !== digestOf(issue.about)) {
    await desk.comment(first.number, issue.comment)
  }
  const change = first.open ? 'updated' : 'reopened'
  return { ...reported(first), change, unassigned: false }
}

function reported({ url, number }: Found): Pick<ReportedIssue, 'url' | 'number'> {
  return { url, number }
}

async function closeTwins(
  desk: Desk,
  first: Found | undefined,
  others: readonly Found[],
): Promise<void> {
  for (const twin of others) {
    if (!twin.open) continue
    await desk.comment(twin.number, `Kept in #${first?.number} instead.`)
    await desk.update(twin.number, { state: 'closed', state_reason: 'not_planned' })
  }
}

async function create(
  desk: Desk,
  issue: RollingIssue,
  body: string,
): Promise<{ readonly made: Found; readonly unassigned: boolean }> {
  const content = { title: titleOf(issue), body, labels: [...issue.labels] }
  const { assignees } = issue
  if (assignees.length === 0) return { made: await desk.create(content), unassigned: false }
  try {
    return {
      made: await desk.create({ ...content, assignees: [...assignees] }),
      unassigned: false,
    }
  } catch (error) {
    // One who may not be assigned is no reason to be silent about drift.
    if (!(error instanceof ExternalError) || error.details.status !== 422) throw error
    return { made: await desk.create(content), unassigned: true }
  }
}

interface NewIssue {
  readonly title: string
  readonly body: string
  readonly labels: string[]
  readonly assignees?: string[]
}

interface IssueUpdate {
  readonly title?: string
  readonly body?: string
  readonly state?: string
  readonly state_reason?: string
}

interface Desk {
  /** Ours, oldest first. */
  find(name: RollingIssueName): Promise<readonly Found[]>
  create(issue: NewIssue): Promise<Found>
  update(number: number, update: IssueUpdate): Promise<void>
  comment(number: number, markdown: string): Promise<void>
  settle(): Promise<void>
}

function createDesk({ client, hide, pauses }: IssuesOptions): Desk {
  const { owner, repo } = client
  const hidden = <T extends IssueUpdate | NewIssue>(content: T): T => ({
    ...content,
    ...(content.title === undefined ? {} : { title: hide(content.title) }),
    ...(content.body === undefined ? {} : { body: hide(content.body) }),
  })
  return {
    async find(name) {
      const marked = (await listIssues(client, name)).filter(
        (answer) => answer.pull_request === undefined && isAbout(answer.body ?? '', name),
      )
      if (marked.length === 0) return []
      const isOurs = await createIsOurs(client)
      return marked
        .filter((answer) => isOurs(authorOf(answer)))
        .map(fromAnswer)
        .toSorted((a, b) => a.number - b.number)
    },
    async create(issue) {
      const answer = await client.call(NEEDS, (rest) =>
        rest.request('POST /repos/{owner}/{repo}/issues', { owner, repo, ...hidden(issue) }),
      )
      return fromAnswer(answer.data)
    },
    async update(number, update) {
      const path = 'PATCH /repos/{owner}/{repo}/issues/{issue_number}'
      const content = hidden(update) as object
      await client.call(NEEDS, (rest) =>
        rest.request(path, { owner, repo, issue_number: number, ...content }),
      )
    },
    async comment(number, markdown) {
      const path = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
      const body = fitted(hide(markdown))
      await client.call(NEEDS, (rest) =>
        rest.request(path, { owner, repo, issue_number: number, body }),
      )
    },
    settle: () => pauses.sleep(SETTLE * (1 + pauses.random())),
  }
}

function listIssues(client: GitHubClient, name: RollingIssueName) {
  const { owner, repo } = client
  const [label] = name.labels
  return readPages((page) =>
    client.call('issues: read', (rest) =>
      rest.request('GET /repos/{owner}/{repo}/issues', {
        ...{
          owner,
          repo,
          state: 'all' as const,
          sort: 'created' as const,
          per_page: PER_PAGE,
          page,
        },
        direction: 'asc',
        ...(label === undefined ? {} : { labels: label }),
      }),
    ),
  )
}

interface IssueAnswer {
  readonly number: number
  readonly state: string
  readonly body?: string | null | undefined
  readonly html_url: string
  readonly user: { readonly login: string; readonly type: string } | null
  readonly performed_via_github_app?: object | null | undefined
}

function fromAnswer(answer: IssueAnswer): Found {
  return {
    number: answer.number,
    open: answer.state === 'open',
    body: answer.body ?? '',
    url: answer.html_url,
  }
}

function authorOf({ user, performed_via_github_app: app }: IssueAnswer): CommentAuthor {
  return { login: user?.login ?? '', type: user?.type ?? '', viaApp: (app ?? null) !== null }
}
