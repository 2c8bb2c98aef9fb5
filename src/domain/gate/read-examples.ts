import type { GroupColumn } from '../metrics/data.js'
import type { Task } from '../metrics/metric.js'
import type { Checked } from '../problem.js'
import { type Column, findColumn } from '../table/column.js'
import { canonicalOrder, codesOf, recode, usedNames } from './codes.js'
import type { GateExamples, ModelOutputs } from './examples.js'
import { everyRow, idProblems, type Join, joinById } from './join.js'
import type { ColumnNeeds } from './needs.js'
import type { ClassColumn } from './read-classes.js'
import { readClassTruth, readNumberTruth, type Truth, type TruthColumns } from './read-labels.js'
import { readNumbers } from './read-numbers.js'
import { type ColumnNames, ProblemList, requireColumn, type Source } from './source.js'

export interface ExamplesRequest {
  readonly task: Task
  readonly candidate: Source
  readonly baseline?: Source | undefined
  readonly columns: ColumnNames
  /** What the rules read, from `columnNeeds`. */
  readonly needs: ColumnNeeds
  /** What those rules read that compare with the baseline: its file must have that, and may lack the rest. */
  readonly baselineNeeds: ColumnNeeds
  /** The positive class as text. */
  readonly positive?: string | undefined
  /** Smallest share of the larger file's examples that must join, as 0.95. */
  readonly minOverlap: number
}

/**
 * The joined examples of candidate and baseline as typed arrays, in the candidate's order, or everything that is wrong
 * with the files. Nothing is dropped in silence but examples of one file only, which `samples` counts.
 */
export function readExamples(request: ExamplesRequest): Checked<GateExamples> {
  const empty = sourcesOf(request).filter(({ table }) => table.rows === 0)
  if (empty.length > 0) return { problems: empty.map(({ file }) => noRows(file)) }
  const join = joinSources(request)
  if (join.value === undefined) return join
  const truth = readTruth(request, join.value)
  const problems = new ProblemList()
  if (truth.problems !== undefined) problems.found.push(...truth.problems)
  const candidate = readOutputs(
    request,
    { source: request.candidate, rows: join.value.candidateRows },
    problems,
  )
  const baseline =
    request.baseline &&
    readOutputs(request, { source: request.baseline, rows: join.value.baselineRows }, problems)
  const groups = readGroups(request, join.value.candidateRows, problems)
  if (truth.value === undefined || problems.found.length > 0) return { problems: problems.found }
  return { value: assemble(request, truth.value, { candidate, baseline, groups }) }
}

interface Parts {
  readonly candidate: ModelOutputs
  readonly baseline: ModelOutputs | undefined
  readonly groups: ReadonlyMap<string, GroupColumn>
}

function assemble(request: ExamplesRequest, truth: Truth, parts: Parts): GateExamples {
  return {
    task: request.task,
    n: truth.labels.length,
    labels: truth.labels,
    classes: truth.classes,
    positive: truth.positive,
    candidate: { ...parts.candidate, predictions: truth.predictions },
    baseline: parts.baseline && { ...parts.baseline, predictions: truth.baselinePredictions },
    groups: parts.groups,
    samples: {
      candidate: request.candidate.table.rows,
      baseline: request.baseline?.table.rows ?? null,
      joined: truth.labels.length,
    },
  }
}

function sourcesOf(request: ExamplesRequest): Source[] {
  return request.baseline === undefined
    ? [request.candidate]
    : [request.candidate, request.baseline]
}

function noRows(file: string) {
  return {
    code: 'MW-GATE-010',
    where: file,
    what: 'the file holds no examples.',
    fix: 'Write one row for each example that the model was evaluated on.',
  }
}

function joinSources(request: ExamplesRequest): Checked<Join> {
  const { candidate, baseline, columns } = request
  if (baseline === undefined) return withoutBaseline(request)
  const problems = new ProblemList()
  const wanted = { name: columns.id, setting: 'columns.id' }
  const ids = requireColumn(candidate, wanted, problems)
  const baselineIds = requireColumn(baseline, wanted, problems)
  if (ids === undefined || baselineIds === undefined) return { problems: problems.found }
  const join = joinById(
    { file: candidate.file, column: ids },
    { file: baseline.file, column: baselineIds },
  )
  if (join.value === undefined) return join
  const joined = join.value.candidateRows.length
  const rows = { candidate: candidate.table.rows, baseline: baseline.table.rows }
  const overlap = joined / Math.max(rows.candidate, rows.baseline)
  if (joined > 0 && overlap >= request.minOverlap) return join
  return {
    problems: [
      {
        code: 'MW-GATE-019',
        where: baseline.file,
        what: `only ${joined} ids occur in both files: ${rows.candidate} examples in ${candidate.file}, ${rows.baseline} here, so ${percent(overlap)} join and ${percent(request.minOverlap)} must.`,
        fix: 'Evaluate both models on the same examples, or lower gate.min-overlap knowingly.',
      },
    ],
  }
}

function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10}%`
}

/** Ids are not needed to judge one model, but repeated ones still tell of repeated examples. */
function withoutBaseline(request: ExamplesRequest): Checked<Join> {
  const { file, table } = request.candidate
  const column = findColumn(table, request.columns.id)
  const problems = column === undefined ? [] : idProblems({ file, column })
  if (problems.length > 0) return { problems }
  const rows = everyRow(table.rows)
  return { value: { candidateRows: rows, baselineRows: rows } }
}

function readTruth(request: ExamplesRequest, join: Join): Checked<Truth> {
  const problems = new ProblemList()
  const { candidate, baseline, columns, needs } = request
  const cut = (source: Source, column: Column | undefined): ClassColumn | undefined =>
    column && {
      source,
      column,
      rows: source === candidate ? join.candidateRows : join.baselineRows,
    }
  const prediction = { name: columns.prediction, setting: 'columns.prediction' }
  const predictionsIn = (source: Source) => {
    if (!needs.prediction) return undefined
    const required = source === candidate || request.baselineNeeds.prediction
    const column = required
      ? requireColumn(source, prediction, problems)
      : findColumn(source.table, prediction.name)
    return cut(source, column)
  }
  const labels = cut(
    candidate,
    requireColumn(candidate, { name: columns.label, setting: 'columns.label' }, problems),
  )
  const found = {
    id: cut(candidate, findColumn(candidate.table, columns.id)),
    baselineLabels: baseline && cut(baseline, findColumn(baseline.table, columns.label)),
    predictions: predictionsIn(candidate),
    baselinePredictions: baseline && predictionsIn(baseline),
  }
  if (labels === undefined || problems.found.length > 0) return { problems: problems.found }
  const truth: TruthColumns = { ...found, labels }
  if (request.task === 'regression') return readNumberTruth(truth)
  return readClassTruth(truth, {
    positive: request.positive,
    needsPositive: needs.positive,
  })
}

const SCORE = 'columns.score'

function readOutputs(
  request: ExamplesRequest,
  from: { readonly source: Source; readonly rows: Int32Array },
  problems: ProblemList,
): ModelOutputs {
  const { needs, columns } = request
  const required = from.source === request.candidate ? needs : request.baselineNeeds
  const numbers = (name: string, setting: string, must: boolean) => {
    const column = must
      ? requireColumn(from.source, { name, setting }, problems)
      : findColumn(from.source.table, name)
    const probability = setting === SCORE && needs.probability
    return column && readNumbers({ ...from, column, probability }, problems)
  }
  const values = new Map<string, Float64Array>()
  for (const name of needs.columns) {
    const read = numbers(name, 'the rule (metric: column:<name>)', required.columns.includes(name))
    if (read !== undefined) values.set(name, read)
  }
  const scores = needs.score ? numbers(columns.score, SCORE, required.score) : undefined
  return { scores, columns: values }
}

/** Slices and groups come from the candidate's file. A numeric column is sliced by its distinct values. */
function readGroups(
  request: ExamplesRequest,
  rows: Int32Array,
  problems: ProblemList,
): ReadonlyMap<string, GroupColumn> {
  const groups = new Map<string, GroupColumn>()
  for (const name of request.columns.groups ?? []) {
    requireColumn(request.candidate, { name, setting: 'columns.groups' }, problems)
  }
  for (const name of request.needs.groups) {
    const setting = 'the rule (slices.by or group)'
    const column = requireColumn(request.candidate, { name, setting }, problems)
    if (column === undefined) continue
    const coded = codesOf(column)
    const names = canonicalOrder(usedNames(coded, rows))
    groups.set(name, { codes: recode(coded, rows, names), names })
  }
  return groups
}
