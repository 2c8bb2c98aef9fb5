import { type BigIntStats, existsSync, readFileSync, statSync } from 'node:fs'
import type { TrainSection } from '../../config/train.js'
import { UserError } from '../../errors.js'
import { byBytes, type Workspace } from '../../files/workspace.js'
import type { JobContext } from '../../runtime/job.js'
import type { Subject } from '../../statements/statement.js'
import { hashFile } from '../../tabular/hash-file.js'

export interface TrainingOutputs {
  readonly model: readonly Subject[]
  readonly metrics: Readonly<Record<string, number>>
  readonly predictions: { readonly path: string; readonly sha256: string } | null
}

/** What the outputs were before the command ran: by path, a mark that changes with every write. */
export type OutputSnapshot = ReadonlyMap<string, string>

export async function snapshotOutputs({
  settings,
  workspace,
}: JobContext<TrainSection>): Promise<OutputSnapshot> {
  const { model, metrics, predictions } = settings
  const marks = new Map<string, string>()
  for (const path of [...model, metrics, predictions]) {
    if (path === undefined) continue
    for (const file of await filesIfAny(workspace, path)) marks.set(file, markOf(file))
  }
  return marks
}

async function filesIfAny(workspace: Workspace, path: string): Promise<readonly string[]> {
  // A path that leads outside is refused here, before anything has run.
  if (!existsSync(workspace.resolve(path, 'train'))) return []
  return workspace.files(path, 'train')
}

/** Identity, size and times: copies that keep their times still change the inode's own. */
function markOf(file: string): string {
  const { ino, size, mtimeNs, ctimeNs }: BigIntStats = statSync(file, { bigint: true })
  return [ino, size, mtimeNs, ctimeNs].join(':')
}

/** Picks up what the command wrote. A file that is as it was in `before` is left from an earlier run, not its result. */
export async function collectOutputs(
  { settings, workspace, log }: JobContext<TrainSection>,
  before: OutputSnapshot,
): Promise<TrainingOutputs> {
  const model = await collectModel(settings.model, workspace, before)
  const { metrics, predictions } = settings
  const metricsFile =
    metrics === undefined
      ? undefined
      : await written(metrics, 'train.metrics', { workspace, before })
  const predictionsFile =
    predictions === undefined
      ? undefined
      : await written(predictions, 'train.predictions', { workspace, before })
  return {
    model,
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

async function collectModel(
  paths: readonly string[],
  workspace: Workspace,
  before: OutputSnapshot,
): Promise<readonly Subject[]> {
  const model = new Map<string, Subject>()
  for (const path of paths) {
    for (const file of await workspace.files(path, 'train.model')) {
      requireFresh(file, before, { shown: path, key: 'train.model' })
      const name = workspace.relative(file)
      model.set(name, { name, digest: { sha256: (await hashFile(file)).sha256 } })
    }
  }
  if (model.size === 0) throw emptyModel(paths)
  return [...model.values()].sort((a, b) => byBytes(a.name, b.name))
}

interface Written {
  readonly workspace: Workspace
  readonly before: OutputSnapshot
}

async function written(path: string, key: string, { workspace, before }: Written): Promise<string> {
  const [file, ...others] = await workspace.files(path, key)
  if (file === undefined || others.length > 0 || file !== workspace.resolve(path, key)) {
    throw new UserError({
      code: 'MW-TRAIN-009',
      where: key,
      what: `${JSON.stringify(path)} is a folder, not a file.`,
      fix: 'Name the file itself.',
    })
  }
  requireFresh(file, before, { shown: path, key })
  return file
}

function requireFresh(
  file: string,
  before: OutputSnapshot,
  at: { readonly shown: string; readonly key: string },
): void {
  if (before.get(file) !== markOf(file)) return
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
    content = JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''))
  } catch (error) {
    const what = `is not JSON: ${error instanceof Error ? error.message : String(error)}.`
    throw badMetrics(shown, what, error)
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw badMetrics(shown, 'must be an object of numbers by name.')
  }
  const metrics: Record<string, number> = {}
  const others = flatten(content, { prefix: '', depth: 0, metrics })
  if (others.length > 0) warn(`${shown}: not a finite number, left out: ${others.join(', ')}`)
  return metrics
}

const LONE_SURROGATE = /[\uD800-\uDFFF]/gu

/** Deeper than anybody nests metrics, and far from the end of the stack. */
const DEEPEST = 50

interface Level {
  readonly prefix: string
  readonly depth: number
  readonly metrics: Record<string, number>
}

function flatten(value: object, { prefix, depth, metrics }: Level): readonly string[] {
  const others: string[] = []
  for (const [key, item] of Object.entries(value)) {
    const name = `${prefix}${key.replace(LONE_SURROGATE, '\uFFFD')}`
    // Assigning to that name would set something else, and schemas pass over it.
    if (name === '__proto__') others.push(name)
    else if (typeof item === 'number' && Number.isFinite(item)) metrics[name] = item
    else if (depth < DEEPEST && typeof item === 'object' && item !== null && !Array.isArray(item)) {
      others.push(...flatten(item, { prefix: `${name}/`, depth: depth + 1, metrics }))
    } else others.push(name)
  }
  return others
}

function badMetrics(shown: string, what: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'MW-TRAIN-006',
      where: shown,
      what,
      fix: 'Write for example {"accuracy": 0.93}; JSON has no NaN.',
    },
    { cause },
  )
}
