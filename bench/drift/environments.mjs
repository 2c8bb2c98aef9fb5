import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ENVIRONMENTS } from './rivals.mjs'

const measure = join(dirname(fileURLToPath(import.meta.url)), '..', 'gate', 'measure.py')

/** Runs a command as a whole cold process: {wall, cpu, peakMb, code, output}. */
export function measured(python, command, options = {}) {
  const text = execFileSync(python, [measure, ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', options.verbose ? 'inherit' : 'ignore'],
    env: { ...process.env, ...options.env },
    cwd: options.cwd,
  })
  return JSON.parse(text)
}

/**
 * The environment of a rival: {python, install}, made where it is not there yet. What the installation took is kept beside
 * it, so that a later run can quote it. Undefined where it cannot be installed here.
 */
export function environment(name, { folder, python }) {
  const home = join(folder, name)
  const note = join(home, 'install.json')
  const own = join(home, 'bin', 'python')
  if (!existsSync(note)) {
    console.error(`installing ${ENVIRONMENTS[name].join(' ')} in ${home} ...`)
    execFileSync(python, ['-m', 'venv', '--clear', home])
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', ...ENVIRONMENTS[name]]
    const run = measured(python, [own, ...pip], { verbose: true })
    if (run.code !== 0) return undefined
    const packages = JSON.parse(
      execFileSync(own, ['-m', 'pip', 'list', '--format', 'json'], { encoding: 'utf8' }),
    ).filter((entry) => !['pip', 'setuptools'].includes(entry.name)).length
    const facts = { wall: run.wall, cpu: run.cpu, megabytes: sizeOf(home) / 1e6, packages }
    writeFileSync(note, JSON.stringify(facts))
  }
  return { python: own, install: JSON.parse(readFileSync(note, 'utf8')) }
}

export function sizeOf(folder) {
  let bytes = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size
  }
  return bytes
}
