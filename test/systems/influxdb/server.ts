import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, startProgram, stopProgram, until } from '../kubernetes/processes.js'

export const USER = { MODELWAY_INFLUXDB_USERNAME: 'reader', MODELWAY_INFLUXDB_PASSWORD: "p'w" }

export interface Influxdb {
  readonly url: string
  /** Lines of the line protocol, with times in milliseconds, into the database `ml`. */
  write(lines: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** InfluxDB with Flux, a database, and a user without whom nothing is told. */
export async function startInfluxdb(program: string): Promise<Influxdb> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-influxdb-'))
  const [port = 0, inner = 0] = await freePorts(2)
  const configuration = join(folder, 'influxdb.conf')
  await writeFile(
    configuration,
    `reporting-disabled = true
bind-address = "127.0.0.1:${inner}"
[meta]
dir = "${join(folder, 'meta')}"
[data]
dir = "${join(folder, 'data')}"
wal-dir = "${join(folder, 'wal')}"
[http]
bind-address = "127.0.0.1:${port}"
flux-enabled = true
auth-enabled = true
`,
  )
  const child = startProgram(program, ['-config', configuration], join(folder, 'log'))
  const close = async () => {
    await stopProgram(child)
    await rm(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  const { MODELWAY_INFLUXDB_USERNAME: user, MODELWAY_INFLUXDB_PASSWORD: password } = USER
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const post = async (path: string, body: string | URLSearchParams) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization },
      body,
    })
    if (!response.ok) throw new Error(await response.text())
  }
  try {
    await until('InfluxDB', async () => (await fetch(`${url}/ping`)).status === 204, 30_000)
    const create = `CREATE USER ${user} WITH PASSWORD 'p\\'w' WITH ALL PRIVILEGES`
    const first = await fetch(`${url}/query`, {
      method: 'POST',
      body: new URLSearchParams({ q: create }),
    })
    if (!first.ok) throw new Error(await first.text())
    await post('/query', new URLSearchParams({ q: 'CREATE DATABASE ml' }))
  } catch (error) {
    await close()
    throw error
  }
  return { url, close, write: (lines) => post('/write?db=ml&precision=ms', lines.join('\n')) }
}
