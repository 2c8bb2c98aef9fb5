import { realpathSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { tableParts } from '../../domain/drift/engine/dialect.js'
import { UserError } from '../../errors.js'

/** An address of the network, which DuckDB reaches by its extensions, is no file of this machine. */
const ADDRESS = /^(?!file:)[a-z][a-z\d+.-]+:\/\//i

/** Where no table has the name, DuckDB takes it for a file: none outside of the working directory is read. */
export function requireInside(table: string, workingDirectory: string): void {
  const name = (tableParts(table) ?? [table]).join('.')
  if (ADDRESS.test(name)) return
  const path = resolve(workingDirectory, name.replace(/^file:(?:\/\/)?/i, ''))
  const leadsOut = name.startsWith('~') || !isInside(path, workingDirectory)
  if (!leadsOut && isReallyInside(path, workingDirectory)) return
  throw new UserError({
    code: 'MW-DRIFT-775',
    where: 'drift.reference, drift.current',
    what: `${JSON.stringify(table)} leads outside of the working directory.`,
    fix: 'Name a file in it, or a table of a database.',
  })
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..'
}

/** Where links lead. What is no file of its own, such as a pattern or a table, leads nowhere else. */
function isReallyInside(path: string, folder: string): boolean {
  let real: string
  try {
    real = realpathSync(path)
  } catch {
    return true
  }
  return isInside(real, realpathSync(folder))
}
