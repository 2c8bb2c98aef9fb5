import type { Checked } from '../problem.js'
import { type Column, findColumn } from '../table/column.js'
import type { ExampleRows, GateExamples, ModelOutputs } from './examples.js'
import type { ExamplesRequest } from './examples-request.js'
import { everyRow, idProblems, joinById } from './join.js'
import { overlapProblem } from './overlap.js'
import { type Attributes, readAttributes } from './read-attributes.js'
import type { ClassColumn } from './read-classes.js'
import { readClassTruth, readNumberTruth, type Truth, type TruthColumns } from './read-labels.js'
import { readNumbers } from './read-numbers.js'
import { readClassScores, scoreColumns } from './read-scores.js'
import { readUnits } from './read-units.js'
import { type Cut, ProblemList, requireColumn, type Source } from './source.js'

export type { ExamplesRequest }

/**
 * The joined examples of candidate and baseline as typed arrays, in the candidate's order, or everything that is wrong
 * with the files. Nothing is dropped in silence but examples of one file only, which `samples` counts. In ranking
 * and generation an example is a unit: a query with its documents, an id with its samples.
 */
export function readExamples(request: ExamplesRequest): Checked<GateExamples> {
  const empty = sourcesOf(request).filter(({ table }) => table.rows === 0)
  if (empty.length > 0) return { problems: empty.map(({ file }) => noRows(file)) }
  if (request.task === 'ranking' || request.task === 'generation') return readUnits(request)
  const cuts = cutSources(request)
  if (cuts.value === undefined) return cuts
  const truth = readTruth(request, cuts.value)
  const problems = new ProblemList()
  if (truth.problems !== undefined) problems.found.push(...truth.problems)
  const { candidate, baseline, paired } = cuts.value
  const own = paired || baseline === undefined ? [candidate] : [candidate, baseline]
  const attributes = readAttributes(request, own, problems)
  const read = { request, classes: truth.value?.classes.slice(0, truth.value.abstention), problems }
  const outputs = readOutputs(read, candidate, truth.value?.positive)
  const theirs = baseline && readOutputs(read, baseline, truth.value?.positive)
  const [mine] = attributes
  if (truth.value === undefined || mine === undefined || problems.found.length > 0) {
    return { problems: problems.found }
  }
  const parts = { candidate: outputs, baseline: theirs, attributes: mine, others: attributes[1] }
  return { value: assemble(request, truth.value, { ...parts, cuts: cuts.value }) }
}

interface Cuts {
  readonly candidate: Cut
  readonly baseline: Cut | undefined
  /** Row i of both is the same example. */
  readonly paired: boolean
}

interface Parts {
  readonly cuts: Cuts
  readonly candidate: ModelOutputs
  readonly baseline: ModelOutputs | undefined
  readonly attributes: Attributes
  /** Of the baseline's own examples, in an unpaired comparison. */
  readonly others: Attributes | undefined
}

function assemble(request: ExamplesRequest, truth: Truth, parts: Parts): GateExamples {
  const { candidate, paired } = parts.cuts
  const n = truth.labels.length
  return {
    task: request.task,
    n,
    labels: truth.labels,
    classes: truth.classes,
    abstention: truth.abstention,
    positive: truth.positive,
    labelSets: truth.labelSets,
    ...parts.attributes,
    candidate: { ...parts.candidate, predictions: truth.predictions },
    baseline: parts.baseline && { ...parts.baseline, predictions: truth.baselinePredictions },
    baselineRows: parts.others && ownRows(parts.others, truth),
    samples: {
      candidate: request.candidate.table.rows,
      baseline: request.baseline?.table.rows ?? null,
      joined: paired ? n : 0,
      ...abstained(truth, request.baseline !== undefined),
    },
    source: {
      table: request.candidate.table,
      rows: candidate.rows,
      id: findColumn(request.candidate.table, request.columns.id),
    },
  }
}

function ownRows(attributes: Attributes, truth: Truth): ExampleRows {
  const labels = truth.baselineLabels ?? new Float64Array(0)
  return { n: labels.length, labels, ...attributes }
}

function abstained({ abstained: found }: Truth, hasBaseline: boolean) {
  if (found.candidate + found.baseline === 0) return {}
  const baseline = hasBaseline ? found.baseline : null
  return { abstained: { candidate: found.candidate, baseline } }
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

function cutSources(request: ExamplesRequest): Checked<Cuts> {
  const { candidate, baseline, columns } = request
  if (baseline === undefined || request.pairing === 'none') return withoutJoin(request)
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
  const { candidateRows, baselineRows } = join.value
  const few = overlapProblem(request, {
    what: 'ids',
    joined: candidateRows.length,
    candidate: candidate.table.rows,
    baseline: baseline.table.rows,
  })
  if (few !== undefined) return { problems: [few] }
  return {
    value: {
      candidate: { source: candidate, rows: candidateRows },
      baseline: { source: baseline, rows: baselineRows },
      paired: true,
    },
  }
}

/** Ids are not needed where nothing is joined, but repeated ones still tell of repeated examples. */
function withoutJoin(request: ExamplesRequest): Checked<Cuts> {
  const problems = sourcesOf(request).flatMap(({ file, table }) => {
    const column = findColumn(table, request.columns.id)
    return column === undefined ? [] : idProblems({ file, column })
  })
  if (problems.length > 0) return { problems }
  const cut = (source: Source): Cut => ({ source, rows: everyRow(source.table.rows) })
  const { candidate, baseline } = request
  return {
    value: {
      candidate: cut(candidate),
      baseline: baseline && cut(baseline),
      paired: baseline === undefined,
    },
  }
}

function readTruth(request: ExamplesRequest, cuts: Cuts): Checked<Truth> {
  const problems = new ProblemList()
  const { columns, needs } = request
  const { candidate, baseline, paired } = cuts
  const of = (cut: Cut, column: Column | undefined): ClassColumn | undefined =>
    column && { ...cut, column }
  const prediction = { name: columns.prediction, setting: 'columns.prediction' }
  const label = { name: columns.label, setting: 'columns.label' }
  const columnIn = (cut: Cut, wanted: typeof label, required: boolean) =>
    of(
      cut,
      required
        ? requireColumn(cut.source, wanted, problems)
        : findColumn(cut.source.table, wanted.name),
    )
  const labels = columnIn(candidate, label, true)
  const found = {
    id: of(candidate, findColumn(candidate.source.table, columns.id)),
    baselineLabels: baseline && columnIn(baseline, label, !paired),
    predictions: needs.prediction ? columnIn(candidate, prediction, true) : undefined,
    baselinePredictions:
      baseline && needs.prediction
        ? columnIn(baseline, prediction, request.baselineNeeds.prediction)
        : undefined,
    paired,
  }
  if (labels === undefined || problems.found.length > 0) return { problems: problems.found }
  const truth: TruthColumns = { ...found, labels }
  if (request.task === 'regression') return readNumberTruth(truth)
  return readClassTruth(truth, {
    positive: request.positive,
    needsPositive: needs.positive,
    abstentions: request.abstentions ?? 'refuse',
    separator: request.multiLabel,
    more: needs.score || needs.classScores ? scoredClasses(request) : [],
  })
}

/** Classes with a column of scores are classes, even where no row is of one. */
function scoredClasses({ candidate, columns }: ExamplesRequest): string[] {
  return [...scoreColumns(candidate.table, columns).keys()]
}

interface OutputsReading {
  readonly request: ExamplesRequest
  /** All classes but "no prediction"; undefined where they could not be read. */
  readonly classes: readonly string[] | undefined
  readonly problems: ProblemList
}

function readOutputs(
  { request, classes, problems }: OutputsReading,
  cut: Cut,
  positive: number | undefined,
): ModelOutputs {
  const { needs, columns } = request
  const required = cut.source === request.candidate ? needs : request.baselineNeeds
  const columnOf = (name: string, setting: string, must: boolean) =>
    must
      ? requireColumn(cut.source, { name, setting }, problems)
      : findColumn(cut.source.table, name)
  const values = new Map<string, Float64Array>()
  for (const name of needs.columns) {
    const setting = 'the rule (metric: column:<name>)'
    const column = columnOf(name, setting, required.columns.includes(name))
    const read = column && readNumbers({ ...cut, column }, problems)
    if (read !== undefined) values.set(name, read)
  }
  const wantsScores = needs.score || needs.classScores
  const { probability } = needs
  const named = columns.scores !== undefined
  const classScores =
    wantsScores && classes
      ? readClassScores(
          {
            ...cut,
            columns,
            classes,
            probability,
            required: required.score || required.classScores,
          },
          problems,
        )
      : undefined
  const column = needs.score
    ? columnOf(columns.score, 'columns.score', required.score && !named)
    : undefined
  const scores = column && readNumbers({ ...cut, column, probability }, problems)
  return { scores: scores ?? classScores?.[positive ?? -1], classScores, columns: values }
}
