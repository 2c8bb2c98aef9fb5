/**
 * The gate beside Python (pandas, scikit-learn, numpy), whole cold processes in the same run:
 * `node bench/gate/gate.mjs PYTHON [metrics|bca|f1|slices|growth ...] [--rounds N]`. PYTHON needs pandas, pyarrow, scikit-learn and scipy.
 * Data are made once in a temporary folder. The least wall time of the rounds is quoted: the rest is the machine's noise.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const cli = resolve(here, '..', '..', 'dist', 'cli', 'index.js')

const RULES = {
  metrics: [
    { metric: 'accuracy', 'no-worse-than': 'baseline', margin: 0.01 },
    { metric: 'auc', 'no-worse-than': 'baseline', margin: 0.01 },
    { metric: 'log-loss', 'no-worse-than': 'baseline', margin: 0.01 },
    { metric: 'f1', 'no-worse-than': 'baseline', margin: 0.01 },
  ],
  f1: [{ metric: 'f1', 'no-worse-than': 'baseline', margin: 0.01 }],
}
RULES.bca = [
  ...RULES.metrics,
  { metric: 'log-loss', 'no-worse-than': 'baseline', margin: 0.01, method: 'bootstrap' },
  { metric: 'expected-calibration-error', 'no-worse-than': 'baseline', margin: 0.01 },
]
RULES.growth = RULES.bca

const ROWS = { metrics: 1_000_000, bca: 1_000_000, f1: 100_000 }
const RESAMPLES = { metrics: 0, bca: 2000, f1: 10_000 }
/** At least so many times faster than Python; for `metrics` half of its time. */
const WANTED = { metrics: 2, bca: 20, f1: 100 }

function measured(python, command) {
  const text = execFileSync(python, [join(here, 'measure.py'), ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return JSON.parse(text)
}

function dataOf(python, rows) {
  const folder = join(tmpdir(), `modelway-bench-gate-${rows}`)
  if (!existsSync(join(folder, 'baseline.parquet'))) {
    execFileSync(python, [join(here, 'data.py'), folder, String(rows)])
  }
  return folder
}

/** A repository with nothing but the data and the rules. */
function gateCommand(folder, rules, task = 'classification') {
  mkdirSync(folder, { recursive: true })
  const configuration = {
    gate: {
      task,
      predictions: 'candidate.parquet',
      baseline: 'file:baseline.parquet',
      'slice-search': false,
      'fail-on': 'never',
      rules,
    },
  }
  writeFileSync(join(folder, 'modelway.yml'), JSON.stringify(configuration))
  rmSync(join(folder, '.modelway'), { recursive: true, force: true })
  return [
    process.execPath,
    cli,
    'evaluate-gate',
    '--working-directory',
    folder,
    '--config',
    join(folder, 'modelway.yml'),
  ]
}

function least(runs) {
  return runs.reduce((best, run) => (run.wall < best.wall ? run : best))
}

function show(name, run) {
  console.log(
    `  ${name.padEnd(10)} wall ${run.wall.toFixed(3)} s, CPU ${run.cpu.toFixed(3)} s, peak ${run.peakMb.toFixed(0)} MB, exit ${run.code}`,
  )
}

function compare(python, job, rounds) {
  const folder = dataOf(python, ROWS[job])
  const rival = [python, join(here, 'rival.py'), job, folder, String(RESAMPLES[job])]
  const ours = []
  const theirs = []
  for (let round = 0; round < rounds; round++) {
    ours.push(measured(python, gateCommand(folder, RULES[job])))
    // A rival that takes minutes is timed once.
    if (round === 0 || job === 'metrics') theirs.push(measured(python, rival))
  }
  const [own, other] = [least(ours), least(theirs)]
  if (job === 'f1') resamplingAlone(folder, JSON.parse(other.output).f1.seconds)
  console.log(
    `${job}: ${ROWS[job]} rows${RESAMPLES[job] > 0 ? `, ${RESAMPLES[job]} resamples` : ''}`,
  )
  show('modelway', own)
  show('Python', other)
  console.log(
    `  ${(other.wall / own.wall).toFixed(1)} times faster${job === 'f1' ? '' : ` (wanted: ${WANTED[job]})`}, memory ${(own.peakMb / other.peakMb).toFixed(2)} of Python's`,
  )
}

/** Starting and reading apart: what the resampling itself takes, each in a cold process with the data in memory. */
function resamplingAlone(folder, theirs) {
  const command = ['--import', 'tsx', join(here, 'f1-step.ts'), folder]
  const runs = [1, 2, 3, 4, 5].map(
    () => JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' })).seconds,
  )
  const ours = Math.min(...runs)
  console.log(
    `f1, resampling alone: modelway ${(ours * 1000).toFixed(0)} ms, Python's loop ${theirs.toFixed(2)} s: ${(theirs / ours).toFixed(0)} times faster (wanted: ${WANTED.f1})`,
  )
}

function growth(python) {
  console.log('growth: the rules of bca')
  for (const rows of [100_000, 1_000_000, 10_000_000]) {
    show(`${rows}`, measured(python, gateCommand(dataOf(python, rows), RULES.growth)))
  }
}

const args = process.argv.slice(2)
const python = args.shift()
const at = args.indexOf('--rounds')
const rounds = at < 0 ? 5 : Number(args.splice(at, 2)[1])
if (python === undefined) {
  console.error('usage: node bench/gate/gate.mjs PYTHON [metrics|bca|f1|growth ...] [--rounds N]')
  process.exitCode = 2
} else {
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`)
  for (const job of args.length > 0 ? args : ['metrics', 'bca', 'f1', 'growth']) {
    if (job === 'growth') growth(python)
    else compare(python, job, rounds)
  }
}
