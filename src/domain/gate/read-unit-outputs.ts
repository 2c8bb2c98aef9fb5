import type { UnitRows } from '../metrics/metric.js'
import { outcomeScore } from '../metrics/win-rate.js'
import { type Column, cellText, findColumn } from '../table/column.js'
import type { ExamplesRequest } from './examples-request.js'
import type { UnitCut } from './join-units.js'
import type { UnitNeed } from './needs.js'
import { readNumbers } from './read-numbers.js'
import { type Cut, type ProblemList, requireColumn } from './source.js'
import type { UnitGroups } from './units.js'

/** What a model said about units, as numbers by the keys of `ModelOutputs.columns`. */
export interface UnitOutputs {
  readonly values: ReadonlyMap<string, Float64Array>
  /** Units with a sample that has no prediction. */
  readonly abstained: number
}

/** Computes the metrics' values of each unit from its rows. */
export function readUnitOutputs(
  request: ExamplesRequest,
  { source, groups }: UnitCut,
  problems: ProblemList,
): UnitOutputs {
  const reading: Reading = {
    request,
    cut: { source, rows: groups.rows },
    required: source === request.candidate ? request.needs : request.baselineNeeds,
    problems,
  }
  const before = problems.found.length
  const values = new Map<string, Float64Array>()
  const columns = readColumns(reading)
  const scores = readScores(reading)
  const labels = request.task === 'ranking' ? readRelevance(reading) : undefined
  const texts = request.task === 'generation' ? readTexts(reading, groups) : undefined
  if (problems.found.length > before) return { values, abstained: 0 }
  for (const [name, read] of columns) values.set(name, unitMeans(read, groups))
  const whole = { labels: labels ?? NOTHING, scores: scores ?? NOTHING, texts }
  for (const need of request.needs.units) {
    const read = valuesOf(need, whole, groups)
    if (read !== undefined) values.set(need.key, read)
  }
  return { values, abstained: texts?.abstained ?? 0 }
}

const NOTHING = new Float64Array(0)

interface Reading {
  readonly request: ExamplesRequest
  readonly cut: Cut
  readonly required: ExamplesRequest['needs']
  readonly problems: ProblemList
}

interface WholeColumns {
  readonly labels: Float64Array
  readonly scores: Float64Array
  readonly texts: Texts | undefined
}

interface Texts {
  readonly label: readonly string[]
  readonly prediction: readonly string[]
  readonly abstained: number
}

/** Undefined where the file lacks what the metric reads, as a baseline's may that is not compared by it. */
function valuesOf(
  { metric, options }: UnitNeed,
  { labels, scores, texts }: WholeColumns,
  { units, starts }: UnitGroups,
): Float64Array | undefined {
  if (metric.needs.includes('prediction') && texts === undefined) return undefined
  if (metric.needs.includes('score') && scores.length === 0) return undefined
  const values = new Float64Array(units)
  for (let unit = 0; unit < units; unit++) {
    const start = starts[unit] ?? 0
    const end = starts[unit + 1] ?? 0
    const rows: UnitRows = {
      labels: labels.subarray(start, end),
      scores: scores.subarray(start, end),
      texts: texts && {
        label: texts.label.slice(start, end),
        prediction: texts.prediction.slice(start, end),
      },
    }
    values[unit] = metric.perUnit(rows, options) ?? Number.NaN
  }
  return values
}

function unitMeans(values: Float64Array, { units, starts }: UnitGroups): Float64Array {
  const means = new Float64Array(units)
  for (let unit = 0; unit < units; unit++) {
    const start = starts[unit] ?? 0
    const end = starts[unit + 1] ?? 0
    let sum = 0
    for (let i = start; i < end; i++) sum += values[i] ?? 0
    means[unit] = sum / (end - start)
  }
  return means
}

function columnOf(
  { cut, problems }: Reading,
  wanted: { readonly name: string; readonly setting: string },
  required: boolean,
): Column | undefined {
  return required
    ? requireColumn(cut.source, wanted, problems)
    : findColumn(cut.source.table, wanted.name)
}

function readColumns(reading: Reading): Map<string, Float64Array> {
  const { request, cut, required, problems } = reading
  const setting = 'the rule (metric: column:<name>)'
  const values = new Map<string, Float64Array>()
  for (const name of request.needs.columns) {
    const column = columnOf(reading, { name, setting }, required.columns.includes(name))
    const read = column && readNumbers({ ...cut, column }, problems)
    if (read !== undefined) values.set(name, read)
  }
  return values
}

function readScores(reading: Reading): Float64Array | undefined {
  const { request, cut, required, problems } = reading
  if (!request.needs.score) return undefined
  const wanted = { name: request.columns.score, setting: 'columns.score' }
  const column = columnOf(reading, wanted, required.score)
  return column && readNumbers({ ...cut, column: withOutcomes(column) }, problems)
}

/** `win`, `tie` and `loss` as numbers, where a column holds nothing else. */
function withOutcomes(column: Column): Column {
  if (column.kind === 'numeric' || column.type === 'boolean') return column
  const scores = column.categories.map(outcomeScore)
  if (scores.length === 0 || scores.includes(undefined)) return column
  const { name, missing, codes } = column
  const values = Float64Array.from(codes, (code) => scores[code] ?? Number.NaN)
  return { kind: 'numeric', name, type: 'number', values, missing }
}

function readRelevance(reading: Reading): Float64Array | undefined {
  const { request, cut, required, problems } = reading
  if (!request.needs.label) return undefined
  const wanted = { name: request.columns.label, setting: 'columns.label' }
  const column = columnOf(reading, wanted, required.label)
  const labels = column && readNumbers({ ...cut, column }, problems)
  const negative = labels?.findIndex((label) => label < 0) ?? -1
  if (negative < 0) return labels
  return problems.add({
    code: 'MW-GATE-035',
    where: cut.source.file,
    what: `column "${wanted.name}" of relevance is negative in row ${(cut.rows[negative] ?? 0) + 1}.`,
    fix: 'Write 0 for documents that are not relevant, and more the more relevant they are.',
  })
}

/** No text of a label is this. */
const NO_PREDICTION = '\u0000no prediction'

function readTexts(reading: Reading, groups: UnitGroups): Texts | undefined {
  const { request, cut, required, problems } = reading
  if (!request.needs.prediction) return undefined
  const must = required.prediction
  const { label, prediction } = request.columns
  const labels = columnOf(reading, { name: label, setting: 'columns.label' }, must)
  const answers = columnOf(reading, { name: prediction, setting: 'columns.prediction' }, must)
  if (labels === undefined || answers === undefined) return undefined
  const wrong = request.abstentions === 'wrong'
  const found = { label: textsOf(labels, cut.rows), prediction: textsOf(answers, cut.rows) }
  for (const [column, part] of [
    [labels, found.label],
    [answers, found.prediction],
  ] as const) {
    if (part.missing < 0 || (wrong && column === answers)) continue
    problems.add({
      code: 'MW-GATE-014',
      where: cut.source.file,
      what: `column "${column.name}" has no value in row ${part.missing + 1}.`,
      fix:
        column === labels
          ? 'Every example needs a label; an empty text is "" in CSV.'
          : 'Leave such examples out of both files, or count them as wrong with abstentions: wrong.',
    })
  }
  return {
    label: found.label.texts,
    prediction: found.prediction.texts,
    abstained: found.prediction.missing < 0 ? 0 : abstainedUnits(found.prediction.texts, groups),
  }
}

function textsOf(column: Column, rows: Int32Array): { texts: string[]; missing: number } {
  const texts = new Array<string>(rows.length)
  let missing = -1
  for (let i = 0; i < rows.length; i++) {
    const text = cellText(column, rows[i] ?? 0)
    if (text === undefined && missing < 0) missing = rows[i] ?? 0
    texts[i] = text ?? NO_PREDICTION
  }
  return { texts, missing }
}

function abstainedUnits(texts: readonly string[], { units, starts }: UnitGroups): number {
  let count = 0
  for (let unit = 0; unit < units; unit++) {
    for (let i = starts[unit] ?? 0; i < (starts[unit + 1] ?? 0); i++) {
      if (texts[i] !== NO_PREDICTION) continue
      count++
      break
    }
  }
  return count
}
