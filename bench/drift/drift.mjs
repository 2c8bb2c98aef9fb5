/**
 * drift-check beside other monitors, whole cold processes in the same run:
 * `node bench/drift/drift.mjs [job ...] [--python PYTHON] [--environments FOLDER] [--data FOLDER] [--dist FOLDER] [--only RIVAL,...]
 * [--rounds N]`. Jobs: parquet, csv, rows, ten-to-one, start; all without any. Environments of Python are made where they are not
 * there yet (NannyML's takes 2 GB), data are made once (rows and ten-to-one need another 4 GB). Quoted is the
 * middle one of our runs, of which there is one more after each rival; rivals that take minutes run once. CPU seconds are what other
 * work on the machine disturbs least.
 */
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, homedir, loadavg } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { agreement } from './agreement.mjs'
import { dataFolder } from './data.mjs'
import { environment, measured, sizeOf } from './environments.mjs'
import { RIVALS } from './rivals.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const cache = join(homedir(), '.cache', 'modelway-bench-drift')
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', default: 'python3' },
    environments: { type: 'string', default: join(cache, 'environments') },
    data: { type: 'string', default: join(cache, 'data') },
    dist: { type: 'string', default: resolve(here, '..', '..', 'dist') },
    only: { type: 'string', default: Object.keys(RIVALS).join(',') },
    rounds: { type: 'string', default: '3' },
  },
})
const rounds = Number(options.rounds)
const MILLION = 1_000_000

/** CPU seconds and megabytes that ours must keep to. */
const WANTED = { parquet: [5, 400], csv: [8, 400], 'ten-to-one': [Number.POSITIVE_INFINITY, 500] }

const environments = new Map()
function environmentOf(name) {
  const { environments: folder, python } = options
  if (!environments.has(name)) environments.set(name, environment(name, { folder, python }))
  return environments.get(name)
}

/** A folder with nothing but the data and a configuration. */
function ourCommand(data, { format, extra = {} }) {
  const folder = join(data, `modelway-${format}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const side of ['reference', 'current']) {
    linkSync(join(data, `${side}.${format}`), join(folder, `${side}.${format}`))
  }
  const drift = {
    reference: `reference.${format}`,
    current: `current.${format}`,
    'fail-on': 'never',
    ...extra,
  }
  writeFileSync(join(folder, 'modelway.yml'), JSON.stringify({ project: 'bench', drift }))
  const cli = join(options.dist, 'cli', 'index.js')
  return { command: [process.execPath, cli, 'drift-check'], cwd: folder }
}

function ours(data, settings) {
  const { command, cwd } = ourCommand(data, settings)
  const run = measured(options.python, command, { cwd })
  if (run.code !== 0) throw new Error(`drift-check ended with ${run.code}: ${run.output}`)
  const statement = JSON.parse(readFileSync(join(cwd, '.modelway', 'drift.json'), 'utf8'))
  return { ...run, columns: statement.predicate.columns }
}

function theirs(name, data, format) {
  const { environment: needs, script, args } = RIVALS[name]
  const found = environmentOf(needs)
  if (found === undefined) return undefined
  const output = join(data, `${name}-${format}.json`)
  const files = ['reference', 'current'].map((side) => join(data, `${side}.${format}`))
  const command = [found.python, join(here, 'rivals', script), ...files, output, ...args]
  // None of them sends anything about this run, or fills the screen with warnings.
  const env = {
    NML_DISABLE_USAGE_LOGGING: '1',
    DO_NOT_TRACK: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
  }
  const run = measured(options.python, command, { env, verbose: true })
  return run.code === 0 ? { ...run, output } : undefined
}

/** The middle one by CPU, with the middle wall time. */
function middle(runs) {
  const of = (key) => runs.toSorted((a, b) => a[key] - b[key])[runs.length >> 1]
  return { ...of('cpu'), wall: of('wall').wall }
}

function line(cells) {
  console.log(`| ${cells.join(' | ')} |`)
}

function figures(run) {
  return [run.wall.toFixed(2), run.cpu.toFixed(2), run.peakMb.toFixed(0)]
}

/** Ours before and after each rival, so that a machine that grows busy does so for both. */
function compare(format, names) {
  const python = environmentOf('scipy')
  const data = dataFolder({ ...options, maker: python.python, rows: [MILLION, MILLION] })
  const own = Array.from({ length: rounds }, () => ours(data, { format }))
  const others = new Map()
  for (const name of names) {
    const run = theirs(name, data, format)
    own.push(ours(data, { format }))
    if (run === undefined) {
      console.error(`SKIPPED: ${name} DOES NOT RUN HERE: its numbers are missing below`)
      continue
    }
    others.set(name, run)
    console.error(
      `${name}: ${run.cpu.toFixed(1)} CPU s; beside it ours: ${own.at(-1).cpu.toFixed(2)}`,
    )
  }
  const typical = middle(own)
  console.log(`\n${format}: 1,000,000 + 1,000,000 rows, 20 numeric and 10 categorical columns\n`)
  line(['', 'wall s', 'CPU s', 'peak MB', 'wall', 'CPU', 'peak'])
  line(['---', '---:', '---:', '---:', '---:', '---:', '---:'])
  line(['Modelway', ...figures(typical), '1', '1', '1'])
  for (const [name, run] of others) {
    const ratios = ['wall', 'cpu', 'peakMb'].map(
      (key) => `${(run[key] / typical[key]).toFixed(1)}×`,
    )
    line([name, ...figures(run), ...ratios])
  }
  const spread = own.map((run) => run.cpu)
  console.log(
    `\nModelway ran ${own.length} times: ${Math.min(...spread).toFixed(2)} to ${Math.max(...spread).toFixed(2)} CPU s, ${(typical.cpu / typical.wall).toFixed(1)} cores busy`,
  )
  wanted(format, typical)
  const scipy = others.get('scipy')
  if (scipy !== undefined)
    agreement(typical.columns, JSON.parse(readFileSync(scipy.output, 'utf8')))
}

function wanted(job, run) {
  const [cpu, megabytes] = WANTED[job]
  const isKept = run.cpu <= cpu && run.peakMb <= megabytes
  const limit = Number.isFinite(cpu) ? `${cpu} CPU s and ${megabytes} MB` : `${megabytes} MB`
  console.log(`wanted: at most ${limit}: ${isKept ? 'kept' : 'MISSED'}`)
}

function installs() {
  console.log('\nInstallation, each alone\n')
  line(['', 'wall s', 'CPU s', 'packages', 'MB'])
  line(['---', '---:', '---:', '---:', '---:'])
  line(['Modelway', '0', '0', '0', (sizeOf(options.dist) / 1e6).toFixed(0)])
  for (const [name, found] of environments) {
    if (found === undefined) continue
    const { wall, cpu, packages, megabytes } = found.install
    line([name, wall.toFixed(0), cpu.toFixed(0), packages, megabytes.toFixed(0)])
  }
}

/** Ours at other sizes: cost must be linear in rows, and memory bounded. */
function grow(sizes, { job, extra } = {}) {
  const told = extra === undefined ? '' : `, ${JSON.stringify(extra)}`
  console.log(`\nModelway, Parquet, by rows${told}\n`)
  line(['reference + current', 'wall s', 'CPU s', 'peak MB', 'CPU s a million rows'])
  line(['---:', '---:', '---:', '---:', '---:'])
  for (const rows of sizes) {
    const maker = environmentOf('scipy').python
    const data = dataFolder({ ...options, maker, rows, formats: ['parquet'] })
    const runs = Array.from({ length: rounds }, () => ours(data, { format: 'parquet', extra }))
    const typical = middle(runs)
    const millions = (rows[0] + rows[1]) / MILLION
    const name = rows.map((count) => count.toLocaleString('en')).join(' + ')
    line([name, ...figures(typical), (typical.cpu / millions).toFixed(2)])
    if (job in WANTED) wanted(job, typical)
  }
}

/** A table of 150 rows: what is left is starting. */
function start(names) {
  const maker = environmentOf('scipy').python
  const data = dataFolder({ ...options, maker, rows: [75, 75] })
  const own = middle(Array.from({ length: 15 }, () => ours(data, { format: 'csv' })))
  console.log('\nstart: 75 + 75 rows, CSV\n')
  line(['', 'wall s', 'CPU s', 'peak MB', 'wall'])
  line(['---', '---:', '---:', '---:', '---:'])
  line(['Modelway', ...figures(own), '1'])
  for (const name of names) {
    const runs = Array.from({ length: 3 }, () => theirs(name, data, 'csv'))
    if (runs.includes(undefined)) continue
    const typical = middle(runs)
    line([name, ...figures(typical), `${(typical.wall / own.wall).toFixed(0)}×`])
  }
}

const names = options.only.split(',').filter((name) => name !== '')
if (!existsSync(join(options.dist, 'cli', 'index.js'))) {
  throw new Error(`nothing is built in ${options.dist}`)
}
console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0].toFixed(1)}`,
)
const jobs = {
  parquet: () => compare('parquet', names),
  csv: () => compare('csv', names),
  rows: () =>
    grow([
      [250_000, 250_000],
      [MILLION, MILLION],
      [4 * MILLION, 4 * MILLION],
    ]),
  'ten-to-one': () =>
    grow([[MILLION, 10 * MILLION]], { job: 'ten-to-one', extra: { memory: '500MB' } }),
  start: () => start(names),
}
for (const job of positionals.length > 0 ? positionals : Object.keys(jobs)) jobs[job]()
installs()
