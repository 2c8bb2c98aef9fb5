import { writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { keptBaselineName } from '../../../domain/lineage/kept-baseline.js'
import { UserError } from '../../../errors.js'
import type { Forge, RunArtifact, WorkflowRun } from '../../../ports/forge.js'
import { readStatement, statementFile } from '../../../statements/record.js'
import { VerdictPredicate } from '../../../statements/schemas/verdict.js'
import { type Predictions, readPredictions } from '../predictions.js'
import { baseCommit } from './base-commit.js'
import { type Baseline, type BaselineRequest, FIRST } from './baseline.js'
import { keepsBaselines, TRUSTED_EVENTS } from './keep.js'

import { withTemporaryFolder } from './temporary.js'

/** What a kept baseline may be: predictions and a verdict. */
const LIMITS = { compressed: 2 ** 31, unpacked: 2 ** 33, files: 10 }

/** Git LFS keeps this text in place of a file. */
const LFS_POINTER = 'version https://git-lfs'

/**
 * `ref:<branch or commit>`: what the change began from. Its predictions are those that are committed there, or those that the
 * gate's run for that commit kept as an artifact.
 */
export async function readReference(request: BaselineRequest): Promise<Baseline | typeof FIRST> {
  const { commit, onReference } = await baseCommit(request)
  const baseline = (await committed(request, commit)) ?? (await keptByRun(request, commit))
  if (baseline !== undefined) return baseline
  const { forge, run } = request.context
  // Somebody must be first: this run keeps what the next ones are compared with.
  if (onReference && keepsBaselines(run)) return FIRST
  throw new UserError({
    code: 'MW-GATE-116',
    where: 'gate.baseline',
    what: `there are no predictions of commit ${commit.slice(0, 12)} (${request.name}): none are committed there as far as this checkout reaches${
      forge === undefined
        ? ', and without a token its runs cannot be looked at'
        : ', and none of its runs kept a baseline'
    }.`,
    fix:
      forge === undefined
        ? 'Give the step github-token with actions: read, check out with fetch-depth: 0 where predictions are committed, or name a file with file:<path>.'
        : 'Run this workflow once on that branch (a push keeps its predictions as an artifact; artifacts expire), check out with fetch-depth: 0 where predictions are committed, or name a file with file:<path>.',
  })
}

/** The predictions as they are in the commit itself. */
async function committed(request: BaselineRequest, commit: string): Promise<Baseline | undefined> {
  const { context, ports } = request
  const { settings, workspace, signal } = context
  const content = await ports.history.fileAt(workspace.root, commit, settings.predictions)
  if (content === undefined || startsWith(content, LFS_POINTER)) return undefined
  return withTemporaryFolder(async (folder) => {
    const path = join(folder, basename(settings.predictions))
    writeFileSync(path, content)
    const shownAs = `${settings.predictions} at ${commit.slice(0, 12)}`
    const predictions = await readPredictions({ path, shownAs }, settings, signal)
    const madeAt = await ports.history.committedAt(workspace.root, commit)
    return describe(request, { commit, predictions, madeAt })
  })
}

function startsWith(content: Uint8Array, text: string): boolean {
  return Buffer.from(content.subarray(0, text.length)).toString('latin1') === text
}

/** The predictions that the newest run for the commit kept. */
async function keptByRun(request: BaselineRequest, commit: string): Promise<Baseline | undefined> {
  const { forge, project, run } = request.context
  if (forge === undefined) return undefined
  const runs = await forge.runs.ofCommit(commit)
  for (const candidate of runs) {
    if (!isOurs(candidate, run.repository)) continue
    const artifacts = await forge.runArtifacts.ofRun(candidate.id)
    const kept = artifacts.find(
      ({ name, expired }) => name === keptBaselineName(project) && !expired,
    )
    if (kept !== undefined) return unpack(request, { forge, kept, run: candidate, commit })
  }
  return undefined
}

function isOurs(run: WorkflowRun, repository: string | undefined): boolean {
  const same = run.headRepository?.toLowerCase() === repository?.toLowerCase()
  return same && TRUSTED_EVENTS.has(run.event)
}

interface Kept {
  readonly forge: Forge
  readonly kept: RunArtifact
  readonly run: WorkflowRun
  readonly commit: string
}

function unpack(request: BaselineRequest, { forge, kept, run, commit }: Kept): Promise<Baseline> {
  const { settings, signal } = request.context
  return withTemporaryFolder(async (folder) => {
    const files = await forge.runArtifacts.extract(kept, folder, LIMITS)
    const judged = judgedPredictions(folder, files)
    if (judged === undefined || !files.includes(judged.path)) throw damaged(run)
    const file = { path: join(folder, judged.path), shownAs: `${judged.path} of run ${run.id}` }
    const predictions = await readPredictions(file, settings, signal)
    if (predictions.sha256 !== judged.sha256) throw damaged(run)
    return describe(request, { commit, predictions, madeAt: new Date(run.createdAt) })
  })
}

/** The predictions that the run's verdict was about: their path in the artifact, and their digest. */
function judgedPredictions(
  folder: string,
  files: readonly string[],
): { readonly path: string; readonly sha256: string } | undefined {
  const path = files.find((one) => basename(one) === statementFile('verdict'))
  const verdict =
    path === undefined ? undefined : readStatement(join(folder, dirname(path)), 'verdict')
  const predicate = VerdictPredicate.safeParse(verdict?.statement.predicate)
  return predicate.success ? (predicate.data.predictions ?? undefined) : undefined
}

function damaged(run: WorkflowRun): UserError {
  return new UserError({
    code: 'MW-GATE-117',
    where: 'gate.baseline',
    what: `the baseline that run ${run.id} kept does not hold a verdict and the predictions that it judged.`,
    fix: `Run the workflow for that commit again: ${run.url}`,
  })
}

interface Found {
  readonly commit: string
  readonly predictions: Predictions
  readonly madeAt: Date | undefined
}

function describe(request: BaselineRequest, { commit, predictions, madeAt }: Found): Baseline {
  return {
    predictions,
    points: undefined,
    source: `${request.context.settings.baseline} (commit ${commit.slice(0, 12)})`,
    digest: `sha256:${predictions.sha256}`,
    madeAt,
  }
}
