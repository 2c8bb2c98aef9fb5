import { readdir, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { apt } from './apt.js'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { pipInstall } from './packages.js'

export interface ClickHouseServer {
  readonly version: string
  readonly program: string
  /** What LD_LIBRARY_PATH must hold. */
  readonly libraries: string
}

/** clickhouse-server of the distribution (18.16 in Debian 12) with all that it needs, unpacked without being installed. */
export async function ensureClickHouseServer(): Promise<ClickHouseServer> {
  const packages = await packagesToGet()
  const version = /clickhouse-server=(\S+)/.exec(packages.join(' '))?.[1]
  if (version === undefined) throw new Error('The distribution has no package clickhouse-server.')
  const fill = async (folder: string): Promise<void> => {
    await apt('apt-get', ['download', '-q', ...packages], folder)
    for (const archive of (await readdir(folder)).filter((name) => name.endsWith('.deb'))) {
      await command('dpkg', ['-x', join(folder, archive), join(folder, 'root')])
      await rm(join(folder, archive))
    }
  }
  const cached = { name: 'clickhouse-server', version: version.replace(/[^\w.-]/g, '_'), fill }
  const root = join(await ensureCached(cached), 'root')
  return {
    version: version.replace(/[+~-].*$/, ''),
    program: join(root, 'usr', 'sbin', 'clickhouse-server'),
    libraries: [join(root, 'usr', 'lib'), join(root, 'lib')]
      .map((folder) => join(folder, 'x86_64-linux-gnu'))
      .join(delimiter),
  }
}

/** The folder of the server. */
export async function ensureClickHouse(): Promise<string> {
  return join((await ensureClickHouseServer()).program, '..')
}

/** `name=version` of the server and of what it depends on and the machine has not: what apt would install. */
async function packagesToGet(): Promise<readonly string[]> {
  const flags = ['install', '--simulate', '--no-install-recommends', '-q']
  const plan = await apt('apt-get', [...flags, 'clickhouse-server'])
  return [...plan.matchAll(/^Inst (\S+) (?:\[\S+\] )?\((\S+) /gm)].map(
    ([, name, version]) => `${name}=${version}`,
  )
}

export const chdbVersion = '4.4.0'

/** A folder of Python packages with chDB: ClickHouse 26.9 in a process, without a server. Put it on PYTHONPATH. */
export function ensureChdb(): Promise<string> {
  const fill = async (folder: string): Promise<void> => {
    await pipInstall(folder, `chdb==${chdbVersion}`, { dependencies: true })
    await command('python3', ['-c', 'import chdb'], { env: { ...process.env, PYTHONPATH: folder } })
  }
  return ensureCached({ name: 'chdb', version: chdbVersion, fill })
}
