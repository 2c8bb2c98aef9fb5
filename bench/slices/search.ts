/** What bench/slices/slices.mjs times as one cold process: read, join by row, search, print. */
import { defaultScore } from '../../src/domain/gate/slice-search/score.js'
import { searchSlices } from '../../src/domain/gate/slice-search/search.js'
import type { Column } from '../../src/domain/table/column.js'
import { concatTables } from '../../src/tabular/concat-tables.js'
import { readTable } from '../../src/tabular/read-table.js'

interface Job {
  readonly files: readonly string[]
  readonly predictions: string
  readonly columns: readonly string[]
  readonly label: string
  readonly copies: number
  readonly depth: number
  readonly paired: boolean
}

const job = JSON.parse(process.argv[2] ?? '{}') as Job

function numbers(columns: readonly Column[], name: string): Float64Array {
  const column = columns.find((each) => each.name === name)
  if (column?.kind !== 'numeric') throw new Error(`no numbers in ${name}`)
  return column.values
}

function repeat(values: Float64Array, copies: number): Float64Array {
  const all = new Float64Array(values.length * copies)
  for (let copy = 0; copy < copies; copy++) all.set(values, copy * values.length)
  return all
}

async function main(): Promise<void> {
  const names = [...job.columns, job.label]
  const tables = await Promise.all(job.files.map((file) => readTable(file, { columns: names })))
  const features = concatTables(tables)
  const predictions = await readTable(job.predictions, { columns: ['prediction'] })
  const read = performance.now()
  const labels = repeat(numbers(features.columns, job.label), job.copies)
  const candidate = repeat(numbers(predictions.columns, 'prediction'), job.copies)
  const age = repeat(numbers(features.columns, 'AGEP'), job.copies)
  // A stand-in for the model before: employed are those of working age.
  const baseline = age.map((years) => (years >= 18 && years < 65 ? 1 : 0))
  const score = defaultScore({
    task: 'classification',
    n: labels.length,
    labels,
    positive: 1,
    candidate: { predictions: candidate },
    baseline: job.paired ? { predictions: baseline } : undefined,
  })
  if (score === undefined) throw new Error('no score')
  const columns = features.columns
    .filter(({ name }) => job.columns.includes(name))
    .flatMap((column) =>
      column.kind === 'numeric' ? [{ ...column, values: repeat(column.values, job.copies) }] : [],
    )
  const found = searchSlices({ score, columns, depth: job.depth })
  const milliseconds = performance.now() - read
  const { user, system } = process.cpuUsage()
  const cpuMs = (user + system) / 1000
  process.stdout.write(
    JSON.stringify({ rows: labels.length, searchMs: milliseconds, cpuMs, found }),
  )
}

await main()
