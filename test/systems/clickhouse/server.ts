import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ClickHouseServer } from '../../../tools/install/clickhouse.js'

export const PASSWORD = 's3cret-pass'

export interface RunningClickHouse {
  readonly url: string
  /** Runs what the engine itself never sends: statements that write. */
  write(sql: string): Promise<void>
  close(): Promise<void>
}

/** The server of the distribution, in a time zone that is not UTC; user `strict` may only read and set nothing. */
export async function startClickHouse(installed: ClickHouseServer): Promise<RunningClickHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-clickhouse-'))
  await mkdir(join(folder, 'data', 'tmp'), { recursive: true })
  const port = await freePort()
  await writeFile(join(folder, 'users.xml'), USERS)
  await writeFile(join(folder, 'config.xml'), configuration(folder, port))
  const child = spawn(installed.program, ['--config-file=config.xml'], {
    cwd: folder,
    env: { ...process.env, LD_LIBRARY_PATH: installed.libraries },
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  const close = async (): Promise<void> => {
    await stop(child)
    await rm(folder, { recursive: true, force: true })
  }
  for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt++) {
    const isThere = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (isThere) return { url, write: (sql) => write(url, sql), close }
    await sleep(100)
  }
  await close()
  throw new Error('ClickHouse ended before it was ready.')
}

/** chDB, whose dialect is that of ClickHouse today, behind the same interface. */
export async function startChdb(packages: string): Promise<RunningClickHouse> {
  const script = fileURLToPath(new URL('chdb_http.py', import.meta.url))
  const child = spawn('python3', [script], {
    env: { ...process.env, PYTHONPATH: packages, TZ: 'America/New_York' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const close = () => stop(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /READY (\S+)/.exec(line)?.[1]
    if (url !== undefined) return { url, write: (sql) => write(url, sql), close }
  }
  await close()
  throw new Error('chDB ended before it was ready.')
}

async function write(url: string, sql: string): Promise<void> {
  const headers = { 'X-ClickHouse-User': 'modelway', 'X-ClickHouse-Key': PASSWORD }
  const response = await fetch(url, { method: 'POST', body: sql, headers })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

const user = (name: string, profile: string) =>
  `<${name}><password>${PASSWORD}</password><networks><ip>127.0.0.1</ip><ip>::1</ip></networks><profile>${profile}</profile><quota>default</quota></${name}>`

const USERS = `<yandex>
<profiles><default/><strict><readonly>1</readonly></strict></profiles>
<quotas><default/></quotas>
<users>${user('modelway', 'default')}${user('strict', 'strict')}</users>
</yandex>
`

function configuration(folder: string, port: number): string {
  return `<yandex>
<logger><level>warning</level><console>1</console></logger>
<listen_host>127.0.0.1</listen_host><http_port>${port}</http_port>
<path>${folder}/data/</path><tmp_path>${folder}/data/tmp/</tmp_path>
<users_config>users.xml</users_config><default_profile>default</default_profile>
<default_database>default</default_database><mark_cache_size>67108864</mark_cache_size>
<timezone>America/New_York</timezone>
</yandex>
`
}

/** Below the ephemeral range, where another process's outgoing connection could take it. */
async function freePort(): Promise<number> {
  for (let port = 24_900; port < 24_950; port++) {
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
  throw new Error('No port is free.')
}
