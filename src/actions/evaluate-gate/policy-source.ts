import { diffLines } from 'diff'
import { stringify } from 'yaml'
import { type ConfigFile, parseConfigFile } from '../../config/file.js'
import { GateSection } from '../../config/gate.js'
import { formatPath } from '../../config/problems.js'
import type { PolicySource } from '../../domain/gate/verdict.js'
import { ExternalError, UserError } from '../../errors.js'
import type { History } from '../../ports/source-code.js'
import type { JobContext } from '../../runtime/job.js'
import type { Change } from './change.js'

type Context = JobContext<GateSection>

/** The job as the policy in force sees it, and where that policy comes from. */
export interface PolicyInForce {
  readonly context: Context
  /** Undefined where the run is for no change to a branch. */
  readonly source: PolicySource | undefined
}

/** More lines of a change than this are counted. */
const MOST_LINES = 200

/**
 * The rules that a pull request, or the group of a merge queue, is judged by. Where its base branch (or the pull request itself) says `policy-ref: base`, those
 * of the base branch, so that it cannot loosen its own gate; inputs of the workflow override them as ever. What the pull request
 * changes in the gate's section is told in any case.
 */
export async function policyInForce(
  context: Context,
  history: History,
  change: Change,
): Promise<PolicyInForce> {
  const { settings, log, configFile } = context
  const { pullRequest, baseSha } = change
  const asked = settings['policy-ref'] === 'base'
  if (baseSha === undefined) {
    if (asked && pullRequest !== undefined) throw unreadable('which commit that is')
    return { context, source: undefined }
  }
  // A file outside of the repository is not the change's to write.
  if (configFile === undefined) return { context, source: undefined }
  const path = configFile
  const text = await baseText(context, history, { commit: baseSha, path, asked })
  if (text === undefined) {
    if (asked) log.warn(`The base branch has no ${path}: the rules are those of this change.`)
    return { context, source: headSource(path, []) }
  }
  const base = parseConfigFile(text, `${path} of the base branch`)
  const changes = changesOf(base.file, context)
  if (!asked && base.file.section('gate')?.['policy-ref'] !== 'base') {
    return { context, source: headSource(path, changes) }
  }
  if (base.problems.length > 0) throw new UserError(base.problems)
  return {
    context: asOfBase(context, base.file),
    source: { ref: 'base', commit: baseSha, path, changes },
  }
}

function headSource(path: string, changes: readonly string[]): PolicySource {
  return { ref: 'head', commit: null, path, changes }
}

interface Wanted {
  readonly commit: string
  readonly path: string
  /** This change asks for the base's rules: they must be found, or known not to be there. */
  readonly asked: boolean
}

/** The configuration on the base branch: from the history here, else from the forge. */
async function baseText(
  { workspace, forge, log }: Context,
  history: History,
  { commit, path, asked }: Wanted,
): Promise<string | undefined> {
  const here = await history.fileAtTop(workspace.root, commit, path)
  if (here !== undefined) return Buffer.from(here).toString('utf8')
  try {
    const there = await forge?.files.fileAt(commit, path)
    if (forge !== undefined) return there && Buffer.from(there).toString('utf8')
  } catch (error) {
    // What the change could bring about (a used-up rate limit) must not free it of the base's rules; a token that may not read is
    // the workflow's own choice.
    if (asked || !(error instanceof ExternalError) || error.details.retryable) throw error
    log.warn(`The policy of the base branch was not looked at: ${error.message}`)
    return undefined
  }
  if (!asked || (await history.committedAt(workspace.root, commit)) !== undefined) return undefined
  throw unreadable(`its commit ${commit.slice(0, 12)}`)
}

function unreadable(which: string): UserError {
  return new UserError({
    code: 'MW-GATE-123',
    where: 'gate.policy-ref',
    what: `the rules are to be those of the base branch, and ${which} cannot be read.`,
    fix: 'Give the step github-token with contents: read, or check out with fetch-depth: 0.',
  })
}

/** The same job with the base branch's sections; the workflow's inputs override them. */
function asOfBase(context: Context, base: ConfigFile): Context {
  const section = base.section('gate') ?? {}
  const parsed = GateSection.safeParse({ ...section, ...context.inputs })
  if (parsed.success) {
    return {
      ...context,
      settings: { ...parsed.data, 'policy-ref': 'base' },
      // The name under which a baseline is kept: another one's would be another project's.
      project: base.project ?? context.run.repository ?? 'modelway',
      section: (name) => base.section(name) ?? {},
    }
  }
  throw new UserError(
    parsed.error.issues.map(({ path, message }) => ({
      code: 'MW-GATE-124',
      where: base.locate(['gate', ...path]),
      what: `the policy of the base branch is not valid: ${formatPath(path)} ${message}.`,
      fix: 'Mend the policy on the base branch first.',
    })),
  )
}

/** Lines of the gate's section that differ, whatever their comments and spaces. */
function changesOf(base: ConfigFile, context: Context): readonly string[] {
  const before = stringify(base.section('gate') ?? {})
  const after = stringify(context.section('gate'))
  if (before === after) return []
  const lines = diffLines(before, after).flatMap(({ value, added, removed }) => {
    const sign = added ? '+' : '-'
    return added || removed ? linesOf(value).map((line) => `${sign} ${line}`) : []
  })
  const more = lines.length - MOST_LINES
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} more lines`] : lines
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n')
}
