import { ensureCached } from './cache.js'
import { npmInstall } from './packages.js'

export const duckdbVersion = '1.5.6-r.1'

/** A folder whose node_modules hold `@duckdb/node-api`, as a user has it in the working directory. */
export function ensureDuckdb(): Promise<string> {
  const fill = (folder: string): Promise<void> =>
    npmInstall(folder, { '@duckdb/node-api': duckdbVersion })
  return ensureCached({ name: 'duckdb', version: duckdbVersion, fill })
}
