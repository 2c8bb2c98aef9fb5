import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What tells a folder of the demo from one of somebody else. */
const MARKER = '.modelway-demo'

/** Makes the demo's folder anew. Throws where something of somebody else would be deleted. */
export function prepareFolder(out) {
  if (existsSync(out) && !isOursOrEmpty(out)) {
    throw new Error(`${out} exists and is not a demo's folder: choose another with --out.`)
  }
  rmSync(out, { recursive: true, force: true })
  mkdirSync(join(out, MARKER), { recursive: true })
}

function isOursOrEmpty(out) {
  if (!statSync(out).isDirectory()) return false
  return existsSync(join(out, MARKER)) || readdirSync(out).length === 0
}
