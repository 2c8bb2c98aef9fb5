import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startVersion, type Version } from '../haproxy/versions.js'
import { freePorts, startProgram, stopProgram, until } from '../kubernetes/processes.js'

export interface Envoy {
  readonly port: number
  readonly admin: string
  readonly versions: readonly [Version, Version]
  restart(): Promise<void>
  close(): Promise<void>
}

/** Envoy before two versions, with a route that can send copies to the second. */
export async function startEnvoy(program: string): Promise<Envoy> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-envoy-'))
  const [port = 0, admin = 0, first = 0, second = 0] = await freePorts(4)
  const versions = [
    await startVersion('model-1', first),
    await startVersion('model-2', second),
  ] as const
  const configuration = join(folder, 'envoy.json')
  await writeFile(
    configuration,
    JSON.stringify({
      admin: { address: at(admin) },
      stats_flush_interval: '0.1s',
      layered_runtime: {
        layers: [
          {
            name: 'first',
            static_layer: { 'split.model-1': 100, 'split.model-2': 0, 'model.mirror': 0 },
          },
          { name: 'admin', admin_layer: {} },
        ],
      },
      static_resources: {
        listeners: [{ address: at(port), filter_chains: [{ filters: [manager()] }] }],
        clusters: [cluster('model-1', first), cluster('model-2', second)],
      },
    }),
  )
  const start = async () => {
    const args = ['-c', configuration, '--concurrency', '2', '--use-dynamic-base-id', '-l', 'warn']
    const child = startProgram(program, args, join(folder, 'log'))
    const ready = `http://127.0.0.1:${admin}/ready`
    await until('Envoy', async () => (await fetch(ready)).status === 200)
    return child
  }
  let child = await start()
  return {
    port,
    admin: `http://127.0.0.1:${admin}`,
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

const TYPE = 'type.googleapis.com/envoy.extensions.filters'

function at(port: number): object {
  return { socket_address: { address: '127.0.0.1', port_value: port } }
}

function cluster(name: string, port: number): object {
  const endpoints = [{ lb_endpoints: [{ endpoint: { address: at(port) } }] }]
  return { name, type: 'STATIC', load_assignment: { cluster_name: name, endpoints } }
}

function manager(): object {
  const route = {
    timeout: '1s',
    weighted_clusters: {
      runtime_key_prefix: 'split',
      clusters: [
        { name: 'model-1', weight: 100 },
        { name: 'model-2', weight: 0 },
      ],
    },
    request_mirror_policies: [
      {
        cluster: 'model-2',
        runtime_fraction: { runtime_key: 'model.mirror', default_value: { numerator: 0 } },
      },
    ],
  }
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type': `${TYPE}.network.http_connection_manager.v3.HttpConnectionManager`,
      stat_prefix: 'door',
      http_filters: [
        {
          name: 'envoy.filters.http.router',
          typed_config: { '@type': `${TYPE}.http.router.v3.Router` },
        },
      ],
      route_config: {
        virtual_hosts: [
          { name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route }] },
        ],
      },
    },
  }
}
