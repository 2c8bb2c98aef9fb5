import { readFileSync, statSync } from 'node:fs'
import type { TrainSection } from '../../config/train.js'
import { UserError } from '../../errors.js'
import { byBytes } from '../../files/workspace.js'
import type { JobContext } from '../../runtime/job.js'
import type { Subject } from '../../statements/statement.js'
import { hashFile } from '../../tabular/hash-file.js'

export interface TrainingOutputs {
  readonly model: readonly Subject[]
  readonly metrics: Readonly<Record<string, number>>
  readonly predictions: { readonly path: string; readonly sha256: string } | null
}

/** Picks up what the command wrote. Files older than `since` (ms) are left from an earlier run, not its result. */
export async function collectOutputs(
  { settings, workspace, log }: JobContext<TrainSection>,
  since: number,
): Promise<TrainingOutputs> {
  const model: Subject[] = []
  for (const path of settings.model) {
    for (const file of await workspace.files(path, 'train.model')) {
      requireFresh(file, since, { shown: path, key: 'train.model' })
      const { sha256 } = await hashFile(file)
      model.push({ name: workspace.relative(file), digest: { sha256 } })
    }
  }
  if (model.length === 0) throw emptyModel(settings.model)
  const written = async (path: string, key: string): Promise<string> => {
    const [file = ''] = await workspace.files(path, key)
    requireFresh(file, since, { shown: path, key })
    return file
  }
  const { metrics, predictions } = settings
  const metricsFile = metrics === undefined ? undefined : await written(metrics, 'train.metrics')
  const predictionsFile =
    predictions === undefined ? undefined : await written(predictions, 'train.predictions')
  return {
    model: model.sort((a, b) => byBytes(a.name, b.name)),
    metrics:
      metricsFile === undefined
        ? {}
        : readMetrics(metricsFile, metrics ?? '', (line) => log.warn(line)),
    predictions:
      predictionsFile === undefined
        ? null
        : {
            path: workspace.relative(predictionsFile),
            sha256: (await hashFile(predictionsFile)).sha256,
          },
  }
}

function requireFresh(
  file: string,
  since: number,
  at: { readonly shown: string; readonly key: string },
): void {
  // Some file systems keep whole seconds only.
  if (statSync(file).mtimeMs >= since - 2000) return
  throw new UserError({
    code: 'MW-TRAIN-004',
    where: at.key,
    what: `${JSON.stringify(at.shown)} is from before this run: the command did not write it.`,
    fix: 'Let the command write it, or correct the path.',
  })
}

function emptyModel(paths: readonly string[]): UserError {
  return new UserError({
    code: 'MW-TRAIN-005',
    where: 'train.model',
    what: `${paths.map((path) => JSON.stringify(path)).join(', ')} holds no file.`,
    fix: 'Let the command write the model there, or correct the path.',
  })
}

/** Numbers by name; nested objects become `parent/child`; what is no finite number is named in a warning. */
export function readMetrics(
  file: string,
  shown: string,
  warn: (line: string) => void,
): Readonly<Record<string, number>> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const what = `is not JSON: ${error instanceof Error ? error.message : String(error)}.`
    throw badMetrics(shown, what, error)
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw badMetrics(shown, 'must be an object of numbers by name.')
  }
  const metrics: Record<string, number> = {}
  const others = flatten(content, '', metrics)
  if (others.length > 0) warn(`${shown}: not a finite number, left out: ${others.join(', ')}`)
  return metrics
}

function flatten(
  value: object,
  prefix: string,
  metrics: Record<string, number>,
): readonly string[] {
  const others: string[] = []
  for (const [key, item] of Object.entries(value)) {
    const name = `${prefix}${key}`
    if (typeof item === 'number' && Number.isFinite(item)) metrics[name] = item
    else if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
      others.push(...flatten(item, `${name}/`, metrics))
    } else others.push(name)
  }
  return others
}

function badMetrics(shown: string, what: string, cause?: unknown): UserError {
  return new UserError(
    { code: 'MW-TRAIN-006', where: shown, what, fix: 'Write for example {"accuracy": 0.93}.' },
    { cause },
  )
}
