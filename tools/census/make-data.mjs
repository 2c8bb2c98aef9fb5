/**
 * Makes examples/census/data from the yearly Parquet files of the census data:
 *
 *     node tools/census/make-data.mjs FOLDER   (with employment_MA_2015.parquet … employment_MA_2018.parquet)
 *
 * 2015–2017 become gzipped CSV, which train.mjs reads with nothing but Node; 2015 and 2018 are also
 * copied as they are. The constant column `year` is left out of the CSV files.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const OUT = fileURLToPath(new URL('../../examples/census/data/', import.meta.url))

async function csvOf(path) {
  const bytes = readFileSync(path)
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const rows = await parquetReadObjects({ file, compressors })
  const names = Object.keys(rows[0]).filter((name) => name !== 'year')
  const lines = rows.map((row) => names.map((name) => String(row[name])).join(','))
  return `${[names.join(','), ...lines].join('\n')}\n`
}

function gzip(text) {
  const bytes = gzipSync(text, { level: 9 })
  // Byte 9 of the header names the operating system: "unknown" keeps the file the same on all of them.
  bytes[9] = 255
  return bytes
}

async function main([from]) {
  if (!from) throw new Error('Usage: node tools/census/make-data.mjs FOLDER')
  const source = (year) => join(from, `employment_MA_${year}.parquet`)
  mkdirSync(OUT, { recursive: true })
  for (const year of [2015, 2016, 2017]) {
    write(`${year}.csv.gz`, gzip(await csvOf(source(year))))
  }
  for (const year of [2015, 2018]) write(`${year}.parquet`, readFileSync(source(year)))
}

function write(name, bytes) {
  const path = join(OUT, name)
  writeFileSync(`${path}.tmp`, bytes)
  renameSync(`${path}.tmp`, path)
}

await main(process.argv.slice(2))
