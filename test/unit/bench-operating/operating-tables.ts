import { evaluateGate, type GateRequest } from '../../../src/domain/gate/evaluate.js'
import type { GateExamples, ModelOutputs } from '../../../src/domain/gate/examples.js'
import type { GatePolicy } from '../../../src/domain/gate/policy.js'
import type { VerdictBody } from '../../../src/domain/gate/verdict.js'
import { createRandom, type RandomSource } from '../../../src/domain/stats/random.js'
import type { Column, Table } from '../../../src/domain/table/column.js'

export interface Tables {
  readonly candidate: Table
  readonly baseline: Table
}

function numbers(name: string, values: Float64Array): Column {
  return { kind: 'numeric', name, type: 'number', values, missing: 0 }
}

/** Texts by code, the categories in the order of `names`. */
function texts(name: string, codes: ArrayLike<number>, names: readonly string[]): Column {
  const column = Int32Array.from(codes)
  return { kind: 'categorical', name, type: 'string', codes: column, categories: names, missing: 0 }
}

/** Both models' files. Ids are texts, so that nothing can be read off their order. */
export function tablesOf(examples: GateExamples, classNames?: readonly string[]): Tables {
  const { n, labels, groups, clusters, weights } = examples
  const named = classNames ?? examples.classes
  const ids = Array.from({ length: n }, (_, row) => `example ${row}`)
  const classes = (name: string, codes: Float64Array) =>
    examples.task === 'regression' ? numbers(name, codes) : texts(name, codes, named)
  const one = ({ predictions, scores }: ModelOutputs): Table => ({
    rows: n,
    columns: [
      texts(
        'id',
        Int32Array.from(ids, (_, row) => row),
        ids,
      ),
      classes('label', labels),
      ...(predictions ? [classes('prediction', predictions)] : []),
      ...(scores ? [numbers('score', scores)] : []),
      ...[...groups].map(([name, group]) => texts(name, group.codes, group.names)),
      ...(clusters
        ? [texts('cluster', clusters, [...new Set(clusters)].sort((a, b) => a - b).map(String))]
        : []),
      ...(weights ? [numbers('weight', weights)] : []),
    ],
  })
  if (examples.baseline === undefined) throw new Error('no baseline')
  return { candidate: one(examples.candidate), baseline: one(examples.baseline) }
}

/** The same rows in another order; of texts the categories too, as another file would have them. */
export function shuffled(table: Table, random: RandomSource): Table {
  const order = Array.from({ length: table.rows }, (_, row) => row)
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
  return { rows: table.rows, columns: table.columns.map((column) => reordered(column, order)) }
}

function reordered(column: Column, order: readonly number[]): Column {
  if (column.kind === 'numeric') {
    return { ...column, values: Float64Array.from(order, (row) => column.values[row] ?? 0) }
  }
  const seen = new Map<number, number>()
  const codes = Int32Array.from(order, (row) => {
    const old = column.codes[row] ?? -1
    const code = seen.get(old) ?? seen.size
    seen.set(old, code)
    return code
  })
  const categories = [...seen.keys()].map((old) => column.categories[old] ?? '')
  return { ...column, codes, categories }
}

/** A column of numbers, changed. */
export function withColumn(table: Table, name: string, change: (value: number) => number): Table {
  const columns = table.columns.map((column) =>
    column.name === name && column.kind === 'numeric'
      ? { ...column, values: column.values.map(change) }
      : column,
  )
  return { ...table, columns }
}

type Files = NonNullable<GateRequest['files']>

export interface Judged {
  readonly tables: Tables
  readonly rules: GatePolicy['rules']
  readonly task?: GatePolicy['task']
  readonly columns?: Partial<Files['columns']>
  readonly positive?: string
  readonly seed?: number
}

/** The verdict on tables that are in order. */
export function verdictOn({
  tables,
  rules,
  task,
  columns,
  positive,
  seed = 7,
}: Judged): VerdictBody {
  const found = evaluateGate({
    policy: {
      task: task ?? 'classification',
      rules,
      confidence: 0.95,
      correction: 'holm',
      comparesWithBaseline: true,
    },
    files: {
      candidate: { file: 'predictions.csv', table: tables.candidate },
      baseline: { file: 'baseline.csv', table: tables.baseline },
      columns: { id: 'id', label: 'label', prediction: 'prediction', score: 'score', ...columns },
      positive,
      minOverlap: 0.95,
    },
    random: createRandom(seed),
  })
  if (found.value === undefined) throw new Error(JSON.stringify(found.problems))
  return found.value
}
