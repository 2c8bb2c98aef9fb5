/**
 * The search for slices on the census data (12 columns), whole cold processes:
 *
 *     node bench/slices/slices.mjs FOLDER [runs]     (employment_MA_2015 … 2018.parquet and predictions.parquet)
 *
 * The search is bundled as the actions are; each run starts Node, reads the Parquet files, joins and searches. The
 * least of the runs is quoted: the rest is the machine's noise. `--print` shows what is found; rows written 4 times are
 * only there for the time, since copies make noise look sure.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const COLUMNS = 'AGEP SCHL MAR RELP DIS ESP CIT MIG MIL ANC SEX RAC1P'.split(' ')

const args = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
const folder = args[0]
if (!folder) throw new Error('Usage: node bench/slices/slices.mjs FOLDER [runs] [--print]')
const runs = Number(args[1] ?? 5)
const out = mkdtempSync(join(tmpdir(), 'modelway-slices-'))
const bundle = join(out, 'search.mjs')
await build({
  entryPoints: [fileURLToPath(new URL('search.ts', import.meta.url))],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
})

function run(job) {
  const common = {
    files: [2015, 2016, 2017, 2018].map((year) => join(folder, `employment_MA_${year}.parquet`)),
    predictions: join(folder, 'predictions.parquet'),
    columns: COLUMNS,
    label: 'employed',
  }
  const started = process.hrtime.bigint()
  const node = spawnSync(process.execPath, [bundle, JSON.stringify({ ...common, ...job })], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const wall = Number(process.hrtime.bigint() - started) / 1e6
  if (node.status !== 0) throw new Error(node.stderr)
  return { wall, ...JSON.parse(node.stdout) }
}

const jobs = {
  'against the rest': { copies: 1, depth: 2, paired: false },
  'against a baseline': { copies: 1, depth: 2, paired: true },
  'a baseline, depth 3': { copies: 1, depth: 3, paired: true },
  'a baseline, rows 4 times': { copies: 4, depth: 2, paired: true },
}
for (const [name, job] of Object.entries(jobs)) {
  const all = Array.from({ length: runs }, () => run(job))
  const wall = Math.min(...all.map((one) => one.wall))
  const search = Math.min(...all.map((one) => one.searchMs))
  const cpu = Math.min(...all.map((one) => one.cpuMs))
  const { rows, found } = all[0]
  console.log(
    `${name.padEnd(26)} ${rows} rows, ${found.tested} slices: process ${wall.toFixed(0)} ms, search ${search.toFixed(0)} ms, processor time ${cpu.toFixed(0)} ms`,
  )
  if (process.argv.includes('--print')) {
    for (const slice of found.found) {
      const where = slice.conditions.map(({ column, value }) => `${column}=${value}`).join(' & ')
      console.log(
        `  ${where}: n ${slice.n}, ${slice.difference.toFixed(4)} [${slice.low.toFixed(4)}, ${slice.high.toFixed(4)}]`,
      )
    }
  }
}
rmSync(out, { recursive: true, force: true })
