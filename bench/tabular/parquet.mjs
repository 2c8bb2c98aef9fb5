/**
 * Parquet to typed columns, beside hyparquet's own column reader in the same run:
 * `node --import tsx bench/tabular/parquet.mjs FILE`. Each reader runs in its own process.
 */
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

const readers = {
  modelway: async (path) => {
    const { readTable } = await import('../../src/tabular/read-table.ts')
    return (await readTable(path)).rows
  },
  // A column at a time as it is decoded, nothing kept.
  'hyparquet (chunks, nothing kept)': async (path) => {
    const { asyncBufferFromFile, parquetMetadataAsync, parquetRead } = await import('hyparquet')
    const { compressors } = await import('hyparquet-compressors')
    const file = await asyncBufferFromFile(path)
    const metadata = await parquetMetadataAsync(file)
    let cells = 0
    const names = new Set(metadata.row_groups[0].columns.map((c) => c.meta_data.path_in_schema[0]))
    for (const name of names) {
      const onChunk = ({ columnData }) => {
        cells += columnData.length
      }
      await parquetRead({ file, metadata, columns: [name], compressors, onChunk })
    }
    return cells / names.size
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
} else if (first === undefined) {
  console.error('usage: node --import tsx bench/tabular/parquet.mjs FILE')
  process.exitCode = 2
} else {
  console.log(`Node ${process.version}, ${cpus()[0]?.model}`)
  for (const name of Object.keys(readers)) {
    const script = fileURLToPath(import.meta.url)
    execFileSync(process.execPath, ['--import', 'tsx', script, name, first], { stdio: 'inherit' })
  }
}
