import { join } from 'node:path'
import type { TrainSection } from '../../config/train.js'
import { UserError } from '../../errors.js'
import { writeFileAtomically } from '../../files/atomic.js'
import type { Workspace } from '../../files/workspace.js'
import type { JobContext } from '../../runtime/job.js'
import { canonicalJson } from '../../statements/canonical.js'
import { isListed, readStatement, statementFile } from '../../statements/record.js'
import { TrainingPredicate } from '../../statements/schemas/training.js'
import type { Statement, Subject } from '../../statements/statement.js'
import { createStatement } from '../../statements/statement.js'
import { hashFile } from '../../tabular/hash-file.js'
import { readMetrics } from './outputs.js'

export interface EarlierTraining {
  readonly model: readonly Subject[]
  readonly predicate: TrainingPredicate
}

/** Under the statements' folder; where a finished training waits for a later run with the same fingerprint. */
const KEPT = 'kept'

/** An earlier training with this fingerprint whose files are all still here, or come back from the cache. */
export async function findUnchanged(
  context: JobContext<TrainSection>,
  fingerprint: string,
): Promise<EarlierTraining | undefined> {
  const { record, cache, log } = context
  const here = await readIntact(context, tryRead(record.directory, true), fingerprint)
  if (here !== undefined || cache === undefined) return here
  const hit = await cache
    .restore(cachedPaths(context), cacheKey(fingerprint), [])
    .catch((error: unknown) => {
      log.warn(`The cache could not be read: ${String(error)}`)
      return undefined
    })
  return hit === undefined
    ? undefined
    : readIntact(context, tryRead(join(record.directory, KEPT), false), fingerprint)
}

/** Puts a finished training into the cache. A failure costs a later run its time, not this one its result. */
export async function keepForLater(
  context: JobContext<TrainSection>,
  trained: EarlierTraining,
): Promise<void> {
  const { cache, record, log, settings } = context
  if (cache === undefined || !settings['skip-unchanged']) return
  const statement = createStatement({
    kind: 'training',
    subject: trained.model,
    predicate: trained.predicate,
    inputs: [],
  })
  const path = join(record.directory, KEPT, statementFile('training'))
  try {
    writeFileAtomically(path, canonicalJson(statement))
    await cache.save(cachedPaths(context), cacheKey(trained.predicate.fingerprint))
  } catch (error) {
    log.warn(`The cache could not be written: ${String(error)}`)
  }
}

function cacheKey(fingerprint: string): string {
  return `modelway-training-${fingerprint.replace(':', '-')}`
}

function cachedPaths({ settings, workspace, record }: JobContext<TrainSection>): readonly string[] {
  const outputs = [...settings.model, settings.metrics, settings.predictions]
  const paths = outputs.filter((path) => path !== undefined)
  return [...paths.map((path) => workspace.resolve(path, 'train')), join(record.directory, KEPT)]
}

async function readIntact(
  context: JobContext<TrainSection>,
  recorded: Statement | undefined,
  fingerprint: string,
): Promise<EarlierTraining | undefined> {
  const predicate = TrainingPredicate.safeParse(recorded?.predicate).data
  if (recorded === undefined || predicate?.fingerprint !== fingerprint) return undefined
  try {
    const intact = await isIntact(context, recorded.subject, predicate)
    return intact ? { model: recorded.subject, predicate } : undefined
  } catch (error) {
    // Outputs that are gone, or that lead outside, are not those of an earlier run.
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** Whether the outputs that are asked for now are all here, and are those of the earlier training. */
async function isIntact(
  { settings, workspace }: JobContext<TrainSection>,
  model: readonly Subject[],
  predicate: TrainingPredicate,
): Promise<boolean> {
  const expected = new Map(model.map(({ name, digest }) => [name, digest.sha256]))
  const found = new Set<string>()
  for (const path of settings.model) {
    for (const file of await workspace.files(path, 'train.model')) {
      const name = workspace.relative(file)
      found.add(name)
      if ((await hashFile(file)).sha256 !== expected.get(name)) return false
    }
  }
  return (
    found.size === expected.size &&
    (await samePredictions(settings.predictions, predicate.predictions, workspace)) &&
    sameMetrics(settings.metrics, predicate.metrics, workspace)
  )
}

async function samePredictions(
  path: string | undefined,
  earlier: TrainingPredicate['predictions'],
  workspace: Workspace,
): Promise<boolean> {
  if (path === undefined || earlier === null) return path === undefined && earlier === null
  const file = workspace.resolve(path, 'train.predictions')
  if (workspace.relative(file) !== earlier.path) return false
  return (await hashFile(file)).sha256 === earlier.sha256
}

function sameMetrics(
  path: string | undefined,
  earlier: TrainingPredicate['metrics'],
  workspace: Workspace,
): boolean {
  if (path === undefined) return Object.keys(earlier).length === 0
  const file = workspace.resolve(path, 'train.metrics')
  const now = readMetrics(file, path, () => undefined)
  return canonicalJson(now) === canonicalJson(earlier)
}

/** A statement that does not hold is as good as none: the training runs. */
function tryRead(directory: string, listed: boolean): Statement | undefined {
  try {
    const recorded = readStatement(directory, 'training')
    if (recorded === undefined || (listed && !isListed(directory, recorded))) return undefined
    return recorded.statement
  } catch {
    return undefined
  }
}
