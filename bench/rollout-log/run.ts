import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { openPredictions } from '../../src/adapters/telemetry/predictions/open-predictions.js'
import { PredictionSignals } from '../../src/config/deploy/predictions.js'
import { createWorkspace } from '../../src/files/workspace.js'
import { readRecord } from '../../src/tabular/csv/csv-record.js'
import { tableBatches } from '../../src/tabular/table-batches.js'

/** Records of one stretch, and what a record a second costs in time and memory: `npx tsx bench/rollout-log/run.ts`. */
const RECORDS = 1_000_000
const START = Date.UTC(2026, 10, 24, 5)
const HEADER = 'time,version,id,prediction,status,mirrored,ms\n'

interface Row {
  readonly time: string
  readonly version: string
  readonly id: string
  readonly prediction: number
  readonly status: number
  readonly mirrored: boolean
  readonly ms: number
}

/** Every request is answered by one version, and mirrored to the other: the most that a log can ask. */
function row(i: number, isMirrored: boolean): Row {
  const request = isMirrored ? Math.floor(i / 2) : i
  const isCopy = isMirrored && i % 2 === 1
  return {
    time: new Date(START + i).toISOString(),
    version: (request + (isCopy ? 1 : 0)) % 10 === 0 ? 'v2' : 'v1',
    id: `9b2f6c1e-0000-4000-8000-${String(request).padStart(12, '0')}`,
    prediction: (request * 7919) % 10,
    status: i % 997 === 0 ? 500 : 200,
    mirrored: isCopy,
    ms: ((i * 31) % 500) / 2,
  }
}

const writers = {
  'JSON Lines': { name: 'a.jsonl', line: (one: Row) => `${JSON.stringify(one)}\n` },
  CSV: { name: 'a.csv', line: (one: Row) => `${Object.values(one).join(',')}\n` },
}

const folder = mkdtempSync(join(tmpdir(), 'modelway-bench-'))
try {
  for (const [format, { name, line }] of Object.entries(writers)) {
    for (const isMirrored of [false, true]) {
      const path = join(folder, name)
      await write(path, format, (i) => line(row(i, isMirrored)))
      await measure(`${format}${isMirrored ? ', mirrored' : ''}`, name)
      rmSync(path)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function write(path: string, format: string, line: (i: number) => string): Promise<void> {
  const stream = createWriteStream(path)
  if (format === 'CSV') stream.write(HEADER)
  for (let i = 0; i < RECORDS; i += 1000) {
    const lines = Array.from({ length: 1000 }, (_, k) => line(i + k)).join('')
    if (!stream.write(lines)) await new Promise<void>((go) => stream.once('drain', () => go()))
  }
  stream.end()
  await finished(stream)
}

async function measure(label: string, name: string): Promise<void> {
  const settings = { files: name, columns: { latency: 'ms' } }
  const signals = await openPredictions(PredictionSignals.parse(settings), {
    env: {},
    signal: new AbortController().signal,
    workspace: createWorkspace(folder),
    readers: { csvRecord: readRecord, tables: tableBatches },
    wanted: { output: undefined, tolerance: 1e-6, overs: [200] },
  })
  global.gc?.()
  const before = process.memoryUsage().heapUsed
  const began = process.hrtime.bigint()
  const cpu = process.cpuUsage()
  const gained = await signals.between({
    from: START,
    to: START + RECORDS,
    stable: 'v1',
    canary: 'v2',
  })
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  const { user, system } = process.cpuUsage(cpu)
  const counted = gained && gained.counters.stable.requests + gained.counters.canary.requests
  global.gc?.()
  const held = (process.memoryUsage().heapUsed - before) / 2 ** 20
  console.log(
    [
      label,
      `${counted} counted`,
      `${gained?.samples.length} samples`,
      `${Math.round(RECORDS / seconds)} records/s (wall)`,
      `${Math.round((RECORDS * 1e6) / (user + system))} records/s (CPU)`,
      `${Math.round(held)} MiB held`,
      `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB RSS`,
    ].join('; '),
  )
}
