import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { send, startVersion, type Version } from '../haproxy/versions.js'
import { freePorts, startProgram, stopProgram, until } from '../kubernetes/processes.js'

export interface Traefik {
  readonly port: number
  readonly api: string
  /** The file that is ours. */
  readonly file: string
  readonly versions: readonly [Version, Version]
  restart(): Promise<void>
  close(): Promise<void>
}

/** Traefik before two versions, with a folder of dynamic configuration in which ours is one file. */
export async function startTraefik(program: string): Promise<Traefik> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-traefik-'))
  const [port = 0, api = 0, first = 0, second = 0] = await freePorts(4)
  const versions = [
    await startVersion('model-1', first),
    await startVersion('model-2', second),
  ] as const
  const dynamic = join(folder, 'dynamic')
  const file = join(dynamic, 'modelway.yml')
  await mkdir(dynamic)
  await writeFile(join(dynamic, 'theirs.yml'), theirs(first, second))
  const weighted = { services: [{ name: 'model-1', weight: 10_000 }] }
  await writeFile(file, JSON.stringify({ http: { services: { model: { weighted } } } }))
  const configuration = join(folder, 'traefik.json')
  await writeFile(
    configuration,
    JSON.stringify({
      entryPoints: {
        web: { address: `127.0.0.1:${port}` },
        traefik: { address: `127.0.0.1:${api}` },
      },
      api: { insecure: true },
      metrics: { prometheus: { buckets: [0.01, 0.1, 1] } },
      providers: {
        providersThrottleDuration: '100ms',
        file: { directory: dynamic, watch: true },
      },
    }),
  )
  const start = async () => {
    const child = startProgram(program, [`--configFile=${configuration}`], join(folder, 'log'))
    await until('Traefik', async () => (await send(port, 1))[0]?.status === 200)
    return child
  }
  let child = await start()
  return {
    port,
    api: `http://127.0.0.1:${api}`,
    file,
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

/** Routers and services of the users of Traefik: a version, and the same for copies. */
function theirs(first: number, second: number): string {
  const server = (at: number) => ({
    loadBalancer: { servers: [{ url: `http://127.0.0.1:${at}` }], serversTransport: 'short' },
  })
  return JSON.stringify({
    http: {
      routers: { users: { rule: 'PathPrefix(`/`)', service: 'model' } },
      serversTransports: { short: { forwardingTimeouts: { responseHeaderTimeout: '1s' } } },
      services: {
        'model-1': server(first),
        'model-2': server(second),
        'model-2-copies': server(second),
        'model-down': {
          loadBalancer: {
            servers: [{ url: 'http://127.0.0.1:9' }],
            healthCheck: { path: '/', interval: '100ms', timeout: '100ms' },
          },
        },
      },
    },
  })
}
