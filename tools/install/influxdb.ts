import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { goInstall } from './packages.js'

/** The last version that speaks both InfluxQL and Flux and is built of Go alone. */
const version = '1.8.10'

/** The program `influxd`. */
export async function ensureInfluxdb(): Promise<string> {
  const fill = (folder: string) =>
    goInstall(folder, `github.com/influxdata/influxdb/cmd/influxd@v${version}`)
  return join(await ensureCached({ name: 'influxdb', version, fill }), 'influxd')
}
