import { evaluateGate, type GateRequest } from '../../../../src/domain/gate/evaluate.js'
import type { GatePolicy, GateRule } from '../../../../src/domain/gate/policy.js'
import type { VerdictBody } from '../../../../src/domain/gate/verdict.js'
import { createRandom, type RandomSource } from '../../../../src/domain/stats/random.js'
import type { Column, Table } from '../../../../src/domain/table/column.js'

type Cell = string | number | null

/** A column of numbers, or of texts when any cell is one. */
export function column(name: string, cells: readonly Cell[]): Column {
  const missing = cells.filter((cell) => cell === null || Number.isNaN(cell)).length
  if (cells.every((cell) => typeof cell !== 'string')) {
    const values = Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell)))
    return { kind: 'numeric', name, type: 'number', values, missing }
  }
  const categories = [...new Set(cells.filter((cell) => cell !== null).map(String))]
  const codes = Int32Array.from(cells, (cell) =>
    cell === null ? -1 : categories.indexOf(String(cell)),
  )
  return { kind: 'categorical', name, type: 'string', codes, categories, missing }
}

export function tableOf(columns: Readonly<Record<string, readonly Cell[]>>): Table {
  const entries = Object.entries(columns)
  return {
    rows: entries[0]?.[1].length ?? 0,
    columns: entries.map(([name, cells]) => column(name, cells)),
  }
}

export function policyOf(rules: readonly GateRule[], rest: Partial<GatePolicy> = {}): GatePolicy {
  return {
    task: 'classification',
    rules,
    confidence: 0.95,
    correction: 'holm',
    comparesWithBaseline: true,
    ...rest,
  }
}

export interface Ask {
  readonly rules: readonly GateRule[]
  readonly candidate: Table
  readonly baseline?: Table
  readonly policy?: Partial<GatePolicy>
  readonly files?: Partial<GateRequest['files']>
  readonly seed?: number
}

export function ask(given: Ask) {
  return evaluateGate({
    policy: policyOf(given.rules, given.policy),
    files: {
      candidate: { file: 'predictions.csv', table: given.candidate },
      baseline: given.baseline && { file: 'baseline.csv', table: given.baseline },
      columns: { id: 'id', label: 'label', prediction: 'prediction', score: 'score' },
      minOverlap: 0.95,
      ...given.files,
    },
    random: createRandom(given.seed ?? 7),
  })
}

/** The verdict, where the files are expected to be in order. */
export function verdictOf(given: Ask): VerdictBody {
  const answer = ask(given)
  if (answer.value === undefined) throw new Error(JSON.stringify(answer.problems))
  return answer.value
}

/** The codes of the problems. */
export function codesOf(given: Ask): string[] {
  return (ask(given).problems ?? []).map(({ code }) => code)
}

/** A standard normal number. */
export function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

export interface Models {
  readonly id: number[]
  readonly label: number[]
  readonly candidate: number[]
  readonly baseline: number[]
  readonly group: string[]
}

/** Scores of two models of the same examples; `shift` moves the candidate's separation of the classes. */
export function twoModels(n: number, random: RandomSource, shift = 0): Models {
  const models: Models = { id: [], label: [], candidate: [], baseline: [], group: [] }
  for (let i = 0; i < n; i++) {
    const label = random.next() < 0.4 ? 1 : 0
    const shared = normal(random)
    const score = (gain: number) =>
      1 / (1 + Math.exp(-(gain * (label - 0.5) + 0.8 * shared + 0.4 * normal(random))))
    models.id.push(i)
    models.label.push(label)
    models.candidate.push(score(2 + shift))
    models.baseline.push(score(2))
    models.group.push(random.next() < 0.7 ? 'F' : 'M')
  }
  return models
}

const toClass = (score: number) => (score > 0.5 ? 1 : 0)

/** The candidate's and the baseline's tables. */
export function tablesOf(models: Models): { candidate: Table; baseline: Table } {
  const { id, label, group } = models
  const one = (score: number[]) =>
    tableOf({ id, label, prediction: score.map(toClass), score, group })
  return { candidate: one(models.candidate), baseline: one(models.baseline) }
}

/** Tables of two models by counts: both right, only the candidate, only the baseline, both wrong. */
export function byCounts(both: number, candidateOnly: number, baselineOnly: number, none: number) {
  const id: number[] = []
  const label: number[] = []
  const mine: number[] = []
  const theirs: number[] = []
  const add = (times: number, candidateRight: boolean, baselineRight: boolean) => {
    for (let i = 0; i < times; i++) {
      const truth = id.length % 2
      id.push(id.length)
      label.push(truth)
      mine.push(candidateRight ? truth : 1 - truth)
      theirs.push(baselineRight ? truth : 1 - truth)
    }
  }
  add(both, true, true)
  add(candidateOnly, true, false)
  add(baselineOnly, false, true)
  add(none, false, false)
  return {
    candidate: tableOf({ id, label, prediction: mine }),
    baseline: tableOf({ id, label, prediction: theirs }),
  }
}
