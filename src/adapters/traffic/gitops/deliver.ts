import { ExternalError, UserError } from '../../../errors.js'
import type {
  MergeMethod,
  RepositoryWriter,
  WrittenPull,
} from '../../../ports/repository-writer.js'
import { trafficProblems } from '../problems.js'
import type { Names } from './fields.js'
import type { Manifests } from './manifests.js'
import { type Stage, weightOf } from './plan.js'

export interface Delivery {
  readonly writer: RepositoryWriter
  readonly branch: string
  /** The branch that pull requests come from: always the same one, so that the next run finds them. */
  readonly ownBranch: string
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly read: (commit: string, names: Names) => Promise<Manifests>
  readonly merge: 'auto' | 'person'
  readonly mergeMethod: MergeMethod
  readonly reviewMs: number
}

export interface Change {
  readonly names: Names
  readonly stage: Stage
  readonly title: string
  readonly by: 'commit' | 'pull-request'
  /** The revision that it is based on; undefined for what is written over whatever is there. */
  readonly guard: string | undefined
  /** Why it cannot be written at all. */
  readonly refuse: (manifests: Manifests) => void
}

const TRIES = 10
const PAUSE_MS = 500
const POLL_MS = 10_000

/**
 * Brings a change onto the branch, in one commit for all files. Where another push came between, the manifests are read again, and
 * the change is made again where nobody has touched our values (else UserError MW-DEPLOY-004). Gives the commit that has it: an
 * earlier one where there is nothing to change.
 */
export async function deliver(delivery: Delivery, change: Change): Promise<Manifests> {
  for (let attempt = 1; ; attempt++) {
    const manifests = await delivery.read(await headOf(delivery), change.names)
    const files = manifests.changed(change.stage)
    const isOurs = attempt > 1 && files.size === 0
    requireUnchanged(delivery, change, { manifests, isOurs })
    change.refuse(manifests)
    if (files.size === 0) return manifests
    const commit = await delivery.writer.commit({
      parent: manifests.commit,
      message: messageOf(change),
      files,
    })
    const landed =
      change.by === 'commit'
        ? (await delivery.writer.advance(delivery.branch, commit)) && commit
        : await byPull(delivery, change, { commit, manifests })
    if (landed !== false) return delivery.read(landed, change.names)
    if (attempt >= TRIES) throw busyBranch(delivery)
    await delivery.sleep(PAUSE_MS * attempt)
  }
}

export async function headOf({ writer, branch }: Delivery): Promise<string> {
  const head = await writer.headOf(branch)
  if (head !== undefined) return head
  throw new UserError({
    code: 'MW-DEPLOY-414',
    where: 'deploy.gitops.branch',
    what: `${writer.repository} has no branch ${branch}, or the token may not read it.`,
    fix: 'Name the branch that is applied; another repository takes MODELWAY_GITOPS_TOKEN with contents: write.',
  })
}

interface Now {
  readonly manifests: Manifests
  readonly isOurs: boolean
}

function requireUnchanged(
  { writer, branch }: Delivery,
  { guard, names }: Change,
  { manifests, isOurs }: Now,
): void {
  if (guard === undefined || manifests.revision === guard || isOurs) return
  const where = `branch ${branch} of ${writer.repository}`
  throw trafficProblems(where).changed({ weight: weightOf(manifests.fields, names) })
}

function messageOf({ title }: Change): string {
  return `${title}\n\nMade by modelway deploy-canary, which also takes it back (docs/gitops.md).`
}

function busyBranch({ writer, branch }: Delivery): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-415',
    service: writer.repository,
    what: `branch ${branch} moves faster than a commit can be made: ${TRIES} tries.`,
    retryable: true,
  })
}

interface Proposed {
  readonly commit: string
  readonly manifests: Manifests
}

/** The commit that a pull request became; false where it has to be made anew on what the branch is now. */
async function byPull(
  delivery: Delivery,
  change: Change,
  { commit, manifests }: Proposed,
): Promise<string | false> {
  const { writer, ownBranch, branch, now, reviewMs } = delivery
  await writer.place(ownBranch, commit)
  const opened = await writer.openPull({
    ...{ from: ownBranch, into: branch, title: change.title, body: bodyOf(delivery) },
  })
  const until = now() + reviewMs
  let why = ''
  for (;;) {
    const pull = await writer.pull(opened.number)
    const landed = pull.mergedAs ?? (await step(delivery, pull, (because) => (why = because)))
    if (landed !== undefined) {
      await writer.removeBranch(ownBranch)
      return landed
    }
    if (pull.state === 'closed') throw closedByPerson(pull)
    const isMoved = await isTouched(delivery, change, manifests)
    if (!pull.mergeable || isMoved) {
      await withdraw(delivery)
      return false
    }
    if (now() >= until) throw await tooLate(delivery, change, { pull, why })
    await delivery.sleep(POLL_MS)
  }
}

async function step(
  { writer, merge, mergeMethod }: Delivery,
  pull: WrittenPull,
  say: (because: string) => void,
): Promise<string | undefined> {
  if (merge === 'person' || pull.state !== 'open' || !pull.mergeable) return undefined
  const answer = await writer.merge(pull, mergeMethod)
  if (answer.is === 'merged') return answer.commit
  say(answer.because)
  return undefined
}

/** Whether our values on the branch are no longer those that the pull request changes. */
async function isTouched(
  delivery: Delivery,
  { names }: Change,
  { commit, revision }: Manifests,
): Promise<boolean> {
  const head = await headOf(delivery)
  return head !== commit && (await delivery.read(head, names)).revision !== revision
}

/** Nothing is left that somebody could merge later. Twice is as once. */
export async function withdraw({ writer, ownBranch, branch }: Delivery): Promise<void> {
  const open = await writer.findPull(ownBranch, branch)
  if (open !== undefined) await writer.closePull(open.number)
  await writer.removeBranch(ownBranch)
}

function bodyOf({ merge }: Delivery): string {
  const who =
    merge === 'auto'
      ? 'The job merges this as soon as the rules of the branch let it.'
      : 'The job waits until a person merges this.'
  return `${who} Closing it ends the rollout. Made by modelway deploy-canary.`
}

function closedByPerson({ number, url }: WrittenPull): UserError {
  return new UserError({
    code: 'MW-DEPLOY-416',
    where: url,
    what: `pull request ${number} was closed without being merged.`,
    fix: 'See why; start the rollout again where it was a mistake.',
  })
}

async function tooLate(
  delivery: Delivery,
  { guard }: Change,
  { pull, why }: { readonly pull: WrittenPull; readonly why: string },
): Promise<ExternalError> {
  // A change that nobody may find merged hours later; a rollback is wanted even then.
  if (guard !== undefined) await withdraw(delivery)
  const reason = why === '' ? 'nobody has merged it' : why
  const end = guard === undefined ? 'It stays open: merge it.' : 'It was closed.'
  return new ExternalError({
    code: 'MW-DEPLOY-417',
    service: pull.url,
    what: `the pull request was not merged within ${delivery.reviewMs} ms: ${reason}. ${end}`,
    retryable: true,
  })
}
