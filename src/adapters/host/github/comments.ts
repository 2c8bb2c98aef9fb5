import {
  type CommentDocument,
  isCommentOf,
  parseComment,
  type Section,
} from '../../../domain/report/comment/document.js'
import { fitComment } from '../../../domain/report/comment/fit.js'
import { mergeDocuments, putSection, storedName } from '../../../domain/report/comment/merge.js'
import { ExternalError } from '../../../errors.js'
import type { CommentSection, Comments } from '../../../ports/host.js'
import { createIsOurs } from './author.js'
import type { GitHubClient } from './client.js'
import { createIssueComments, type IssueComment, type IssueComments } from './issue-comments.js'
import type { Pauses } from './retry.js'

export interface CommentsOptions {
  readonly client: GitHubClient
  readonly pullRequest: number
  readonly hide: (text: string) => string
  readonly pauses: Pauses
}

const ROUNDS = 6
/** How long others get to overwrite us, before we look whether they did. */
const SETTLE = 300

/**
 * The sticky comment of a pull request. GitHub cannot change a comment only if nobody else did, so
 * that each write is followed, after a short pause, by a look at what is there now: what another
 * job overwrote meanwhile is written again, and of two comments made at once the older is kept and
 * the other's sections are moved into it.
 */
export function createComments(options: CommentsOptions): Comments {
  const comments = createIssueComments(options.client, options.pullRequest)
  let isOurs: ReturnType<typeof createIsOurs> | undefined
  const listOurs = async (section: CommentSection): Promise<readonly IssueComment[]> => {
    const all = await comments.list()
    const marked = all.filter(({ body }) => isCommentOf(body, section.project, section.workflow))
    if (marked.length === 0) return []
    isOurs ??= createIsOurs(options.client)
    const byUs = await isOurs
    return marked.filter(({ author }) => byUs(author)).toSorted((a, b) => a.id - b.id)
  }
  let queue: Promise<unknown> = Promise.resolve()
  return {
    publish(section) {
      const job = queue.then(() => publish({ ...options, comments, listOurs }, section))
      queue = job.catch(() => undefined)
      return job
    },
  }
}

interface Desk extends CommentsOptions {
  readonly comments: IssueComments
  readonly listOurs: (section: CommentSection) => Promise<readonly IssueComment[]>
}

async function publish(desk: Desk, section: CommentSection): Promise<{ readonly url: string }> {
  const ours: Section = {
    name: storedName(section.section),
    markdown: desk.hide(section.markdown),
    reportUrl: section.reportUrl,
  }
  let seen: CommentDocument = { ...identityOf(section), sections: [] }
  let written: Section | undefined
  for (let round = 0; round < ROUNDS; round++) {
    const found = await desk.listOurs(section)
    const there = readAll(section, found)
    seen = withAll(seen, there)
    const body = fitComment(putSection(seen, ours), ours.name)
    const [first, ...others] = found
    const stands =
      written === undefined ? sameBody(first?.body ?? '', body) : holds(there, seen, written)
    if (first !== undefined && others.length === 0 && stands) return { url: first.url }
    await write(desk, { body, first, others })
    written = parseComment(body)?.sections.find(({ name }) => name === ours.name)
    await desk.pauses.sleep(SETTLE * (round + 1) * (1 + desk.pauses.random()))
  }
  throw new ExternalError({
    code: 'MW-HOST-006',
    service: 'GitHub',
    what: `the comment's section "${section.section}" was overwritten ${ROUNDS} times by other jobs. Let one job write it at a time.`,
    retryable: true,
  })
}
/** True when the comment has our section as we wrote it, and every section that was ever seen. */
function holds(there: CommentDocument, seen: CommentDocument, written: Section): boolean {
  const texts = new Map(there.sections.map(({ name, markdown }) => [name, markdown]))
  return (
    texts.get(written.name) === written.markdown &&
    seen.sections.every(({ name }) => texts.has(name))
  )
}

interface Write {
  readonly body: string
  readonly first: IssueComment | undefined
  readonly others: readonly IssueComment[]
}

async function write(desk: Desk, { body, first, others }: Write): Promise<void> {
  if (first === undefined) {
    await desk.comments.create(body)
    return
  }
  if (!sameBody(first.body, body)) {
    const updated = await desk.comments.update(first.id, body)
    if (!updated) return
  }
  for (const other of others) await desk.comments.remove(other.id)
}

function identityOf(section: CommentSection): Pick<CommentDocument, 'project' | 'workflow'> {
  return { project: section.project, workflow: section.workflow }
}

/** What our comments hold together; where a section is in several, the one changed last counts. */
function readAll(section: CommentSection, found: readonly IssueComment[]): CommentDocument {
  const byChange = found.toSorted((a, b) => compareText(a.updatedAt, b.updatedAt) || a.id - b.id)
  const documents = byChange
    .map(({ body }) => parseComment(body))
    .filter((one) => one !== undefined)
  return mergeDocuments(identityOf(section), documents)
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** `there`, and the sections that were seen before and have vanished since. */
function withAll(seen: CommentDocument, there: CommentDocument): CommentDocument {
  return mergeDocuments(there, [seen, there])
}

function sameBody(a: string, b: string): boolean {
  return a.replace(/\r\n?/g, '\n').trimEnd() === b.trimEnd()
}
