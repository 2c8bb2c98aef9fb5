import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UserError } from '../../errors.js'

/** The little of `@duckdb/node-api` that is used. */
export interface DuckDBConnection {
  runAndReadAll(sql: string): Promise<{
    columnNames(): string[]
    getRows(): unknown[][]
  }>
  interrupt(): void
  closeSync(): void
}

interface DuckDBInstance {
  connect(): Promise<DuckDBConnection>
  closeSync(): void
}

export interface DuckDBPackage {
  readonly DuckDBInstance: {
    create(path: string, options: Readonly<Record<string, string>>): Promise<DuckDBInstance>
  }
}

const NAME = '@duckdb/node-api'

/** The user's own DuckDB, out of the working directory: 70 MB for each platform are not shipped. */
export async function loadDuckDB(workingDirectory: string): Promise<DuckDBPackage> {
  let file: string
  try {
    file = createRequire(pathToFileURL(join(workingDirectory, 'package.json'))).resolve(NAME)
  } catch (error) {
    throw absent(`the package ${NAME} is not installed`, error)
  }
  try {
    return packageOf(await import(pathToFileURL(file).href))
  } catch (error) {
    throw absent(`the package ${NAME} cannot be loaded (${String(error).slice(0, 200)})`, error)
  }
}

/** What another kind of module exports stands in its default. */
function packageOf(module: unknown): DuckDBPackage {
  if (isPackage(module)) return module
  if (typeof module === 'object' && module !== null && 'default' in module) {
    if (isPackage(module.default)) return module.default
  }
  throw new Error('it exports no DuckDBInstance')
}

function isPackage(module: unknown): module is DuckDBPackage {
  return typeof module === 'object' && module !== null && 'DuckDBInstance' in module
}

function absent(what: string, cause: unknown): UserError {
  const problem = {
    code: 'MW-DRIFT-767',
    where: 'drift.engine: duckdb',
    what,
    fix: `Run "npm install --no-save ${NAME}" in the working directory before this step, or use the embedded engine, which needs nothing.`,
  }
  return new UserError(problem, { cause })
}
