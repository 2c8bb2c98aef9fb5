import { evaluateGate } from '../../src/domain/gate/evaluate.js'
import type { GateRule } from '../../src/domain/gate/policy.js'
import type { VerdictBody } from '../../src/domain/gate/verdict.js'
import type { RandomSource } from '../../src/domain/stats/random.js'
import type { Column, Table } from '../../src/domain/table/column.js'
import { mostOf } from './binomial.js'
import { type Cell, type Part, percent, type Row } from './cell.js'
import { type Census, censusPredictions } from './census.js'
import { drawIndexes } from './population.js'
import { namedRandom } from './random-numbers.js'

const GATES = 200
const EXAMPLES = 2000
const METRICS = ['accuracy', 'auc', 'f1', 'log-loss', 'recall', 'precision', 'brier'] as const

const slices = { by: ['SEX', 'RAC1P', 'age_band'], 'min-size': 50 }

const POLICIES: Readonly<Record<string, readonly GateRule[]>> = {
  'no worse, margin 0': METRICS.map((metric) => ({ metric, 'no-worse-than': 'baseline' })),
  'no worse, margin 0, in every slice': [
    { metric: 'accuracy', 'no-worse-than': 'baseline', slices },
    { metric: 'auc', 'no-worse-than': 'baseline', slices },
  ],
  'better, by 0': METRICS.map((metric) => ({ metric, 'better-than': 'baseline' })),
}

/** One sample of the census on which the two models do not differ by law: each example's outputs are swapped by a fair coin. */
export function sampleOfEquals(census: Census, n: number, random: RandomSource) {
  const rows = drawIndexes(census.label.length, n, random)
  const mine = new Float64Array(n)
  const theirs = new Float64Array(n)
  rows.forEach((row, i) => {
    const swapped = random.next() < 0.5
    mine[i] = (swapped ? census.baseline : census.candidate)[row] ?? 0
    theirs[i] = (swapped ? census.candidate : census.baseline)[row] ?? 0
  })
  return { candidate: tableOf(census, rows, mine), baseline: tableOf(census, rows, theirs) }
}

function tableOf(census: Census, rows: Int32Array, score: Float64Array): Table {
  const numeric = (name: string, values: Float64Array): Column => ({
    kind: 'numeric',
    name,
    type: 'number',
    values,
    missing: 0,
  })
  const texts = Object.entries(census.columns).map(([name, cells]): Column => {
    const categories = [...new Set(cells)].sort()
    const place = new Map(categories.map((category, code) => [category, code]))
    const codes = Int32Array.from(rows, (row) => place.get(cells[row] ?? '') ?? -1)
    return { kind: 'categorical', name, type: 'string', codes, categories, missing: 0 }
  })
  const columns = [
    numeric(
      'id',
      Float64Array.from(rows, (_, i) => i),
    ),
    numeric(
      'label',
      Float64Array.from(rows, (row) => census.label[row] ?? 0),
    ),
    numeric(
      'prediction',
      score.map((one) => (one >= 0.5 ? 1 : 0)),
    ),
    numeric('score', score),
    ...texts,
  ]
  return { rows: rows.length, columns }
}

function gate(
  rules: readonly GateRule[],
  tables: ReturnType<typeof sampleOfEquals>,
  random: RandomSource,
): VerdictBody {
  const found = evaluateGate({
    policy: {
      task: 'classification',
      rules,
      confidence: 0.95,
      correction: 'holm',
      comparesWithBaseline: true,
    },
    files: {
      candidate: { file: 'predictions.csv', table: tables.candidate },
      baseline: { file: 'baseline.csv', table: tables.baseline },
      columns: { id: 'id', label: 'label', prediction: 'prediction', score: 'score' },
      minOverlap: 0.95,
    },
    random,
  })
  if (found.value === undefined) throw new Error(JSON.stringify(found.problems))
  return found.value
}

function rowsOf(policy: string, runs: number, seed: number): Row[] {
  const rules = POLICIES[policy] ?? []
  const census = censusPredictions()
  const random = namedRandom(seed, policy)
  const verdicts = Array.from({ length: runs }, () =>
    gate(rules, sampleOfEquals(census, EXAMPLES, random), random),
  )
  const most = mostOf(runs, 0.025, 0.005)
  const row = (what: string, holds: (verdict: VerdictBody) => boolean, limit: number | string) => {
    const count = verdicts.filter(holds).length
    const over = typeof limit === 'number' && count > limit
    return {
      policy,
      what,
      gates: runs,
      count,
      share: percent(count / runs),
      'at most (99% band of 2.5%)': limit,
      held: typeof limit === 'string' ? '' : over ? '**no**' : 'yes',
    }
  }
  const checks = Math.max(...verdicts.map((verdict) => verdict.checks.length))
  const rows = [
    row(`any of up to ${checks} checks fails`, ({ decision }) => decision === 'fail', most),
    row(
      'the gate passes',
      ({ decision }) => decision === 'pass',
      policy.startsWith('better') ? most : '',
    ),
  ]
  if (!policy.startsWith('better')) return rows
  for (const metric of METRICS) {
    const passes = ({ checks: all }: VerdictBody) =>
      all.some((check) => check.metric === metric && check.status === 'pass')
    rows.push(row(`${metric} is called better`, passes, most))
  }
  return rows
}

export const noDifference: Part = {
  title: 'A/A gates',
  text: `Gates between two models that do not differ by law: predictions of two models for ${EXAMPLES} people of the census (examples/census), the two swapped by a fair coin for each of them.`,
  cells: (): Cell[] =>
    Object.keys(POLICIES).map((policy) => ({
      name: policy,
      runs: GATES,
      simulate: (runs, seed) => rowsOf(policy, runs, seed),
    })),
}
