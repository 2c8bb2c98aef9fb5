import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Points } from '../../../domain/gate/points/point-values.js'
import { readPoints } from '../../../domain/gate/points/read-points.js'
import { UserError } from '../../../errors.js'
import { hasCode } from '../../../files/errno.js'
import { DatasetPredicate } from '../../../statements/schemas/dataset.js'
import type { Baseline, BaselineRequest } from './baseline.js'

/** A file of numbers is small; this is far more than any. */
const MOST_BYTES = 10 * 1024 * 1024

export interface PointsFile {
  readonly points: Points
  /** The fingerprint of the data that they were computed on, where the file has a text `dataset`. */
  readonly dataset: string | undefined
  readonly sha256: string
}

/** `metrics:<path>`: numbers that somebody else computed. */
export async function readPointsBaseline({ context, name }: BaselineRequest): Promise<Baseline> {
  const { settings, workspace } = context
  const absolute = workspace.resolve(name, 'gate.baseline')
  const { points, sha256, dataset } = readPointsFile(absolute, name)
  requireSameData(context, { file: name, dataset })
  return {
    predictions: undefined,
    points,
    source: settings.baseline,
    digest: `sha256:${sha256}`,
    madeAt: statSync(absolute).mtime,
  }
}

/** The numbers of a JSON file. */
export function readPointsFile(path: string, shownAs: string): PointsFile {
  const content = readSmall(path, shownAs)
  const json = parse(content, shownAs)
  const read = readPoints(json, shownAs)
  if (read.problems !== undefined) throw new UserError(read.problems)
  return {
    points: read.value,
    dataset: datasetOf(json),
    sha256: createHash('sha256').update(content).digest('hex'),
  }
}

function datasetOf(json: unknown): string | undefined {
  const found = typeof json === 'object' && json !== null && 'dataset' in json && json.dataset
  return typeof found === 'string' ? found : undefined
}

/** Numbers cannot be joined by id: that they are of the same data is known only where both sides say so. */
function requireSameData(
  { record }: BaselineRequest['context'],
  { file, dataset }: { readonly file: string; readonly dataset: string | undefined },
): void {
  const predicate = DatasetPredicate.safeParse(record.read('dataset')?.statement.predicate)
  const here = predicate.success ? predicate.data.fingerprint : undefined
  if (dataset === undefined || here === undefined || dataset === here) return
  throw new UserError({
    code: 'MW-GATE-125',
    where: file,
    what: `these numbers are of other data: their dataset is ${JSON.stringify(dataset.slice(0, 80))}, and the candidate's is ${here}.`,
    fix: 'Compute the numbers of both models on the same data.',
  })
}

function readSmall(path: string, shownAs: string): Buffer {
  try {
    if (statSync(path).size <= MOST_BYTES) return readFileSync(path)
  } catch (error) {
    const absent = hasCode(error, 'ENOENT', 'ENOTDIR')
    throw new UserError(
      {
        code: 'MW-GATE-110',
        where: shownAs,
        what: absent ? 'there is no such file of metrics.' : 'the file of metrics cannot be read.',
        fix: 'Let the training write it, or name it with gate.metrics (the baseline: metrics:<path>).',
      },
      { cause: error },
    )
  }
  throw new UserError({
    code: 'MW-GATE-111',
    where: shownAs,
    what: `the file of metrics is over ${MOST_BYTES / 1024 / 1024} MiB.`,
    fix: 'Name a JSON file with one number a metric; predictions are compared with file:<path>.',
  })
}

function parse(content: Buffer, shownAs: string): unknown {
  try {
    return JSON.parse(content.toString('utf8'))
  } catch (error) {
    throw new UserError(
      {
        code: 'MW-GATE-111',
        where: shownAs,
        what: `the file of metrics is not JSON: ${error instanceof Error ? error.message : error}.`,
        fix: 'Write one JSON object with a number for each metric, such as {"bleu": 0.31}; JSON knows neither NaN nor Infinity.',
      },
      { cause: error },
    )
  }
}
