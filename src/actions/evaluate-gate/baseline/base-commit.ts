import { UserError } from '../../../errors.js'
import type { BaselineRequest } from './baseline.js'

const SHA = /^[0-9a-f]{40}$/

export interface BaseCommit {
  readonly commit: string
  /** The run is for the reference itself, not for a change to it. */
  readonly onReference: boolean
}

/**
 * The commit that a change began from: the newest one that both the change and the reference have in their history. For a run
 * on the reference itself that is the commit before it.
 */
export async function baseCommit(request: BaselineRequest): Promise<BaseCommit> {
  const { context, ports, name } = request
  const { workspace, forge } = context
  const head = await headCommit(request)
  const reference =
    (SHA.test(name) ? name : undefined) ??
    (await ports.history.resolve(workspace.root, name)) ??
    (await forge?.files.commitOf(name))
  if (reference === undefined) throw unknownReference(name, forge !== undefined)
  if (reference === head) return { commit: await before(request, head), onReference: true }
  const base =
    (await ports.history.mergeBase(workspace.root, head, reference)) ??
    (await forge?.files.mergeBase(reference, head))
  if (base === undefined) throw noCommonHistory(name)
  return { commit: base === head ? reference : base, onReference: false }
}

/** On a pull request GitHub checks out a merge that is in nobody's history. */
async function headCommit({ context, ports, change }: BaselineRequest): Promise<string> {
  const { workspace } = context
  const head = change.commit ?? (await ports.history.resolve(workspace.root, 'HEAD'))
  if (head !== undefined) return head
  throw new UserError({
    code: 'MW-GATE-118',
    where: 'gate.baseline',
    what: 'ref: compares with an earlier commit, and there is no commit here.',
    fix: 'Run it in a git repository, or name a file with file:<path>.',
  })
}

async function before({ context, ports, name }: BaselineRequest, head: string): Promise<string> {
  const { workspace, forge } = context
  const parent =
    (await ports.history.resolve(workspace.root, `${head}^`)) ?? (await forge?.files.parentOf(head))
  if (parent !== undefined) return parent
  throw new UserError({
    code: 'MW-GATE-119',
    where: 'gate.baseline',
    what: `this run is for ${name} itself, and the commit before it is not known here.`,
    fix: 'Check out with fetch-depth: 2, or give this run another baseline: registry:<alias>, or none for a first model.',
  })
}

function unknownReference(name: string, asked: boolean): UserError {
  return new UserError({
    code: 'MW-GATE-120',
    where: 'gate.baseline',
    what: `there is no branch, tag or commit ${JSON.stringify(name)}${asked ? '' : ' in this checkout'}.`,
    fix: asked
      ? 'Correct the name after ref:.'
      : 'Correct the name after ref:, check out with fetch-depth: 0, or give the step a github-token.',
  })
}

function noCommonHistory(name: string): UserError {
  return new UserError({
    code: 'MW-GATE-121',
    where: 'gate.baseline',
    what: `this change and ${name} have no common commit that is known here.`,
    fix: 'Check out with fetch-depth: 0, or give the step a github-token with contents: read.',
  })
}
