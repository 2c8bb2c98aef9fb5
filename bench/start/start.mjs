/**
 * What each run pays before an action begins: `node bench/start/start.mjs [runs]`.
 * Each bundle is a whole cold process that reads its inputs and refuses them (there is no configuration), beside
 * an empty Node process in the same rounds. The least of the runs is quoted: the rest is the machine's noise.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist')
const runs = Number(process.argv[2] ?? 15)
const cwd = mkdtempSync(join(tmpdir(), 'modelway-start-'))

const subjects = {
  'empty Node process': ['-e', ''],
  ...Object.fromEntries(
    readdirSync(dist, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'router')
      .map(({ name }) => [
        name,
        [join(dist, name, 'index.js'), ...(name === 'cli' ? ['--version'] : [])],
      ]),
  ),
}

function milliseconds(args) {
  const started = process.hrtime.bigint()
  spawnSync(process.execPath, args, { cwd, env: { PATH: process.env.PATH }, stdio: 'ignore' })
  return Number(process.hrtime.bigint() - started) / 1e6
}

function sizes(name) {
  let bytes = 0
  let gzipped = 0
  for (const entry of readdirSync(join(dist, name), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    bytes += statSync(path).size
    gzipped += gzipSync(readFileSync(path)).length
  }
  return `${Math.round(bytes / 1024)} KiB, ${Math.round(gzipped / 1024)} KiB gzipped`
}

const times = new Map(Object.keys(subjects).map((name) => [name, []]))
for (let round = 0; round < runs; round++) {
  for (const [name, args] of Object.entries(subjects)) times.get(name).push(milliseconds(args))
}
const empty = Math.min(...times.get('empty Node process'))
for (const [name, all] of times) {
  const least = Math.min(...all)
  const size = name in subjects && name !== 'empty Node process' ? sizes(name) : ''
  console.log(
    `${name.padEnd(20)} ${least.toFixed(0).padStart(4)} ms  ${(least / empty).toFixed(2)}x empty  ${size}`,
  )
}
rmSync(cwd, { recursive: true, force: true })
