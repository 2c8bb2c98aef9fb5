/**
 * Simulates how the gate and the drift check err, and prints Markdown tables:
 *
 *     npx tsx bench/operating/run.ts [PART]... [--runs 0.1] [--seed 1] [--only TEXT]
 *
 * Parts are the keys of PARTS, all but `drift-million` unless named. `--runs` multiplies the number of runs of every
 * situation, `--only` keeps the situations whose name has that text. Every situation has random numbers of its own: the
 * same seed gives the same table on any number of processes.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Part, Row } from './cell.js'
import { comparison } from './comparison.js'
import { clusteredCoverage, coverage, hardCoverage } from './coverage.js'
import { driftFalseAlarms, driftMillion, driftPower } from './drift.js'
import { driftLearned } from './drift-learned.js'
import { driftMultivariate } from './drift-multivariate.js'
import { driftRules } from './drift-rules.js'
import { falsePass } from './false-pass.js'
import { noDifference } from './no-difference.js'

const PARTS: Readonly<Record<string, Part>> = {
  'false-pass': falsePass,
  coverage,
  clusters: clusteredCoverage,
  hard: hardCoverage,
  equals: noDifference,
  comparison,
  drift: driftFalseAlarms,
  'drift-million': driftMillion,
  'drift-power': driftPower,
  'drift-rules': driftRules,
  'drift-learned': driftLearned,
  'drift-multivariate': driftMultivariate,
}

/** Minutes of work for few rows of the table: only when it is named. */
const SLOW = 'drift-million'

interface Task {
  readonly part: string
  readonly index: number
  readonly runs: number
  readonly seed: number
}

function simulate({ part, index, runs, seed }: Task): readonly Row[] {
  return PARTS[part]?.cells()[index]?.simulate(runs, seed) ?? []
}

/** Answers each task of the parent until it hangs up. */
function serve(): void {
  process.on('message', (task: Task) => process.send?.(simulate(task)))
}

/** One process a core, each given the next task when it has answered. */
async function simulateAll(tasks: readonly Task[]): Promise<(readonly Row[])[]> {
  const answers: (readonly Row[])[] = tasks.map(() => [])
  let next = 0
  const work = (child: ChildProcess) =>
    new Promise<void>((resolve, reject) => {
      let current = -1
      const give = () => {
        current = next++
        const task = tasks[current]
        if (task === undefined) {
          child.disconnect()
          resolve()
        } else child.send(task)
      }
      child.on('message', (rows: Row[]) => {
        answers[current] = rows
        process.stderr.write('.')
        give()
      })
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit ${code}`))))
      give()
    })
  const count = Math.min(tasks.length, Math.max(1, availableParallelism()))
  const children = Array.from({ length: count }, () =>
    fork(fileURLToPath(import.meta.url), ['--worker']),
  )
  await Promise.all(children.map(work))
  process.stderr.write('\n')
  return answers
}

function markdown(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ''))),
  ].join('\n')
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      worker: { type: 'boolean', default: false },
      runs: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  })
  if (values.worker) return serve()
  const names =
    positionals.length > 0 ? positionals : Object.keys(PARTS).filter((name) => name !== SLOW)
  for (const name of names) {
    const part = PARTS[name]
    if (part === undefined)
      throw new Error(`no part ${name}; there are ${Object.keys(PARTS).join(', ')}`)
    const tasks = part.cells().flatMap((cell, index) => {
      const runs = Math.max(1, Math.round(cell.runs * Number(values.runs)))
      return cell.name.includes(values.only)
        ? [{ part: name, index, runs, seed: Number(values.seed) }]
        : []
    })
    const started = performance.now()
    const rows = (await simulateAll(tasks)).flat()
    const seconds = Math.round((performance.now() - started) / 1000)
    process.stdout.write(
      `\n## ${part.title}\n\n${part.text}\n\n${markdown(rows)}\n\n${seconds} s\n`,
    )
  }
}

await main()
