import { existsSync } from 'node:fs'
import type { GateSection } from '../../config/gate.js'
import { readsExamples } from '../../domain/gate/evaluate.js'
import { columnNeeds } from '../../domain/gate/needs.js'
import type { Source } from '../../domain/gate/source.js'
import { UserError } from '../../errors.js'
import { hashFile } from '../../tabular/hash-file.js'
import { memoryLimits, refuseTooLarge } from '../../tabular/memory.js'
import { readSchema, readTable } from '../../tabular/read-table.js'
import type { ColumnSchema } from '../../tabular/table-format.js'

export interface Predictions extends Source {
  readonly sha256: string
}

export interface PredictionsFile {
  readonly path: string
  readonly shownAs: string
  /** The candidate's file is also searched for slices, and its rows may be shown. */
  readonly role?: 'candidate' | 'baseline' | undefined
}

/** Two files are in memory at once, and something must be left for the rest. */
const SHARE_OF_MEMORY = 0.3
/** More columns are not looked at for slices: embeddings and features beyond them would cost memory for nothing. */
const MOST_SEARCHED = 50

/** Reads a file of predictions, only the columns that the rules need and those that are searched for slices. */
export async function readPredictions(
  file: PredictionsFile,
  settings: GateSection,
  signal: AbortSignal,
): Promise<Predictions> {
  const { path, shownAs } = file
  if (!existsSync(path)) throw missing(shownAs)
  const schema = await readSchema(path, { shownAs, skipNested: true })
  const wanted = wantedColumns(settings)
  const searched =
    file.role === 'candidate' ? searchedColumns(settings, schema.columns, wanted) : []
  // Which of them must be there is the gate's to say, in its own words.
  const present = schema.columns
    .map(({ name }) => name)
    .filter((name) => wanted.has(name) || isScore(settings, name) || searched.includes(name))
  await refuseTooLarge({ path, shownAs, schema, wanted: present }, memoryLimits(SHARE_OF_MEMORY))
  const [digest, table] = await Promise.all([
    hashFile(path, signal),
    readTable(path, { shownAs, columns: present.length === 0 ? undefined : present, signal }),
  ])
  return {
    file: shownAs,
    table,
    names: schema.columns.map(({ name }) => name),
    sha256: digest.sha256,
  }
}

function wantedColumns({ columns, rules }: GateSection): ReadonlySet<string> {
  const needs = columnNeeds(rules)
  const { id, label, prediction, score, groups, weight, cluster, query, sample, scores } = columns
  const named = [weight, cluster, query ?? 'query', sample].filter((name) => name !== undefined)
  const byClass = typeof scores === 'object' ? Object.values(scores) : []
  return new Set([
    ...[id, label, prediction, score, ...groups, ...named, ...byClass],
    ...[...needs.groups, ...needs.binned, ...needs.columns],
  ])
}

/** A column with the score of a class, where they are named by what their names start with. */
function isScore({ columns: { scores } }: GateSection, name: string): boolean {
  return typeof scores === 'string' && name.startsWith(scores)
}

/** Columns that the search for slices looks at, and `show-examples` shows. */
function searchedColumns(
  settings: GateSection,
  columns: readonly ColumnSchema[],
  wanted: ReadonlySet<string>,
): readonly string[] {
  const search = settings['slice-search']
  if (search === false && !settings['show-examples']) return []
  if (!readsExamples(settings.rules)) return []
  if (search !== false && search.columns !== undefined) return search.columns
  return columns
    .map(({ name }) => name)
    .filter((name) => !wanted.has(name) && !isScore(settings, name))
    .slice(0, MOST_SEARCHED)
}

function missing(shownAs: string): UserError {
  return new UserError({
    code: 'MW-GATE-101',
    where: shownAs,
    what: 'there is no such file of predictions.',
    fix: 'Let the training write it, or name it: the candidate with gate.predictions, the baseline with gate.baseline (`none` for a first model).',
  })
}
