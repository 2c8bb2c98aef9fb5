import { join } from 'node:path'
import type { TrainSection } from '../../config/train.js'
import { writeFileAtomically } from '../../files/atomic.js'
import type { JobContext } from '../../runtime/job.js'
import { canonicalJson } from '../../statements/canonical.js'
import { readStatement, statementFile } from '../../statements/record.js'
import { TrainingPredicate } from '../../statements/schemas/training.js'
import type { Statement, Subject } from '../../statements/statement.js'
import { createStatement } from '../../statements/statement.js'
import { hashFile } from '../../tabular/hash-file.js'

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
  const here = await readIntact(context, record.directory, fingerprint)
  if (here !== undefined || cache === undefined) return here
  const hit = await cache
    .restore(cachedPaths(context), cacheKey(fingerprint), [])
    .catch((error: unknown) => {
      log.warn(`The cache could not be read: ${String(error)}`)
      return undefined
    })
  return hit === undefined
    ? undefined
    : readIntact(context, join(record.directory, KEPT), fingerprint)
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
  writeFileAtomically(path, canonicalJson(statement))
  await cache
    .save(cachedPaths(context), cacheKey(trained.predicate.fingerprint))
    .catch((error: unknown) => {
      log.warn(`The cache could not be written: ${String(error)}`)
    })
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
  { workspace }: JobContext<TrainSection>,
  directory: string,
  fingerprint: string,
): Promise<EarlierTraining | undefined> {
  const recorded = tryRead(directory)
  const predicate = TrainingPredicate.safeParse(recorded?.predicate).data
  if (recorded === undefined || predicate?.fingerprint !== fingerprint) return undefined
  const files = recorded.subject.map(({ name, digest }) => ({ path: name, sha256: digest.sha256 }))
  if (predicate.predictions !== null) files.push({ ...predicate.predictions })
  for (const { path, sha256 } of files) {
    const found = await hashFile(workspace.resolve(path, 'train')).catch(() => undefined)
    if (found?.sha256 !== sha256) return undefined
  }
  return { model: recorded.subject, predicate }
}

/** A statement that does not hold is as good as none: the training runs. */
function tryRead(directory: string): Statement | undefined {
  try {
    return readStatement(directory, 'training')?.statement
  } catch {
    return undefined
  }
}
