import { existsSync } from 'node:fs'
import type { GateSection } from '../../config/gate.js'
import { columnNeeds } from '../../domain/gate/needs.js'
import type { Source } from '../../domain/gate/source.js'
import { UserError } from '../../errors.js'
import { hashFile } from '../../tabular/hash-file.js'
import { readSchema, readTable } from '../../tabular/read-table.js'

export interface Predictions extends Source {
  readonly sha256: string
}

interface PredictionsFile {
  readonly path: string
  readonly shownAs: string
}

/** Reads a file of predictions, only the columns that the rules need. */
export async function readPredictions(
  file: PredictionsFile,
  settings: GateSection,
  signal: AbortSignal,
): Promise<Predictions> {
  if (!existsSync(file.path)) throw missing(file.shownAs)
  const digest = await hashFile(file.path, signal)
  const { columns } = await readSchema(file.path, { shownAs: file.shownAs })
  const wanted = wantedColumns(settings)
  // Which of them must be there is the gate's to say, in its own words.
  const present = columns.map(({ name }) => name).filter((name) => wanted.has(name))
  const table = await readTable(file.path, {
    shownAs: file.shownAs,
    columns: present.length === 0 ? undefined : present,
    signal,
  })
  return { file: file.shownAs, table, sha256: digest.sha256 }
}

function wantedColumns({ columns, rules }: GateSection): ReadonlySet<string> {
  const needs = columnNeeds(rules)
  const { id, label, prediction, score, groups } = columns
  return new Set([id, label, prediction, score, ...groups, ...needs.groups, ...needs.columns])
}

function missing(shownAs: string): UserError {
  return new UserError({
    code: 'MW-GATE-101',
    where: shownAs,
    what: 'there is no such file of predictions.',
    fix: 'Let the training write it, or name it: the candidate with gate.predictions, the baseline with gate.baseline (`none` for a first model).',
  })
}
