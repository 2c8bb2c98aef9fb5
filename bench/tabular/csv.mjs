/**
 * CSV to typed columns, beside csv-parse in the same run: `node --import tsx bench/tabular/csv.mjs [rows]`.
 * Each reader runs in its own process, so that CPU seconds and the peak of memory are its own.
 */
import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeCsv } from './make-csv.mjs'

const readers = {
  modelway: async (path) => {
    const { readTable } = await import('../../src/tabular/read-table.ts')
    const table = await readTable(path)
    return table.rows
  },
  // Text cells only: csv-parse leaves the types to its caller.
  'csv-parse (rows of strings, nothing kept)': async (path) => {
    const { parse } = await import('csv-parse')
    let rows = -1
    for await (const _ of createReadStream(path).pipe(parse())) rows++
    return rows
  },
}

async function measure(name, path) {
  const began = process.hrtime.bigint()
  const before = process.cpuUsage()
  const rows = await readers[name](path)
  const used = process.cpuUsage(before)
  const wall = Number(process.hrtime.bigint() - began) / 1e9
  const cpu = (used.user + used.system) / 1e6
  const peak = process.resourceUsage().maxRSS / 1024
  console.log(
    `${name}: ${rows} rows, wall ${wall.toFixed(2)} s, CPU ${cpu.toFixed(2)} s, peak ${peak.toFixed(0)} MB`,
  )
}

const [first, second] = process.argv.slice(2)
if (first !== undefined && first in readers) {
  await measure(first, second)
} else {
  const rows = Number(first ?? 1_000_000)
  const folder = mkdtempSync(join(tmpdir(), 'modelway-bench-'))
  const path = join(folder, 'table.csv')
  const size = makeCsv(path, rows)
  console.log(
    `${rows} rows x 30 columns, ${(size / 1e6).toFixed(0)} MB; Node ${process.version}, ${cpus()[0]?.model}`,
  )
  for (const name of Object.keys(readers)) {
    const script = fileURLToPath(import.meta.url)
    execFileSync(process.execPath, ['--import', 'tsx', script, name, path], { stdio: 'inherit' })
  }
  if (existsSync(folder)) rmSync(folder, { recursive: true })
}
