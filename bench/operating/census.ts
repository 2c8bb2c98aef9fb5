import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const EXAMPLE = fileURLToPath(new URL('../../examples/census/', import.meta.url))
const FOLDER = join(tmpdir(), 'modelway-operating')
/** Two models of nearly the same quality, so that they disagree on some examples. */
const MODELS = { candidate: ['--seed', '7'], baseline: ['--seed', '8', '--params', 'rounds=60'] }

export interface Census {
  readonly label: Float64Array
  readonly candidate: Float64Array
  readonly baseline: Float64Array
  readonly columns: Readonly<Record<string, readonly string[]>>
}

/** Predictions of two models for the census of 2017, as examples/census/train.mjs makes them; kept in the temporary folder. */
export function censusPredictions(): Census {
  const candidate = readCsv(predictionsOf('candidate'))
  const baseline = readCsv(predictionsOf('baseline'))
  const numbers = (cells: readonly string[] | undefined) => Float64Array.from(cells ?? [], Number)
  const { label, score, id: _, prediction: __, ...columns } = candidate
  return {
    label: numbers(label),
    candidate: numbers(score),
    baseline: numbers(baseline['score']),
    columns,
  }
}

function predictionsOf(model: keyof typeof MODELS): string {
  const at = (name: string) => join(FOLDER, `${model}-${name}`)
  const predictions = at('predictions.csv')
  if (existsSync(predictions)) return predictions
  mkdirSync(FOLDER, { recursive: true })
  const files = ['--predictions', predictions, '--model', at('model.json')]
  const made = spawnSync(
    process.execPath,
    ['train.mjs', ...MODELS[model], ...files, '--metrics', at('metrics.json')],
    { cwd: EXAMPLE, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`train.mjs: ${made.stderr}`)
  return predictions
}

function readCsv(path: string): Record<string, string[]> {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const columns: Record<string, string[]> = {}
  const names = head.split(',')
  for (const name of names) columns[name] = []
  for (const line of lines) {
    line.split(',').forEach((cell, i) => {
      columns[names[i] ?? '']?.push(cell)
    })
  }
  return columns
}
