import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts, startProgram, stopProgram, until } from '../kubernetes/processes.js'
import { send, startVersion, type Version } from './versions.js'

export interface Haproxy {
  readonly port: number
  readonly tcp: string
  readonly socket: string
  readonly stateFile: string
  readonly versions: readonly [Version, Version]
  /** Ends the process and starts another with the same configuration. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** HAProxy before two versions, with two backends more that must not be divided. */
export async function startHaproxy(program: string): Promise<Haproxy> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-haproxy-'))
  const [port = 0, admin, first = 0, second = 0] = await freePorts(4)
  const versions = [
    await startVersion('model-1', first),
    await startVersion('model-2', second),
  ] as const
  const at = { socket: join(folder, 'api.sock'), stateFile: join(folder, 'state') }
  const configuration = join(folder, 'haproxy.cfg')
  await writeFile(at.stateFile, '1\n')
  await writeFile(
    configuration,
    `global
  stats socket ${at.socket} level admin
  stats socket ipv4@127.0.0.1:${admin} level admin
  stats socket ${join(folder, 'low.sock')} level operator
  server-state-file ${at.stateFile}
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 1s
  retries 0
  load-server-state-from-file global
frontend door
  bind 127.0.0.1:${port}
  default_backend model
backend model
  balance roundrobin
  server model-1 127.0.0.1:${first} weight 100
  server model-2 127.0.0.1:${second} weight 0
backend three
  server model-1 127.0.0.1:${first}
  server model-2 127.0.0.1:${second}
  server model-3 127.0.0.1:${second}
backend bound
  cookie MODEL insert
  server model-1 127.0.0.1:${first} cookie one
  server model-2 127.0.0.1:${second} cookie two
backend fixed
  balance static-rr
  server model-1 127.0.0.1:${first}
  server model-2 127.0.0.1:${second} weight 0
`,
  )
  const start = async () => {
    const child = startProgram(program, ['-db', '-f', configuration], join(folder, 'log'))
    await until('HAProxy', async () => (await send(port, 1))[0]?.status === 200)
    return child
  }
  let child = await start()
  return {
    ...at,
    port,
    tcp: `127.0.0.1:${admin}`,
    versions,
    restart: async () => {
      await stopProgram(child)
      child = await start()
    },
    close: async () => {
      await stopProgram(child)
      for (const version of versions) await version.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
