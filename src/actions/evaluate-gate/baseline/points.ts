import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Points } from '../../../domain/gate/points/point-values.js'
import { readPoints } from '../../../domain/gate/points/read-points.js'
import { UserError } from '../../../errors.js'
import { hasCode } from '../../../files/errno.js'
import type { Baseline, BaselineRequest } from './baseline.js'

/** A file of numbers is small; this is far more than any. */
const MOST_BYTES = 10 * 1024 * 1024

export interface PointsFile {
  readonly points: Points
  readonly sha256: string
}

/** `metrics:<path>`: numbers that somebody else computed. */
export async function readPointsBaseline({ context, name }: BaselineRequest): Promise<Baseline> {
  const { settings, workspace } = context
  const absolute = workspace.resolve(name, 'gate.baseline')
  const { points, sha256 } = readPointsFile(absolute, name)
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
  const read = readPoints(parse(content, shownAs), shownAs)
  if (read.problems !== undefined) throw new UserError(read.problems)
  return { points: read.value, sha256: createHash('sha256').update(content).digest('hex') }
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
        fix: 'Write one JSON object with a number for each metric, such as {"bleu": 0.31}.',
      },
      { cause: error },
    )
  }
}
