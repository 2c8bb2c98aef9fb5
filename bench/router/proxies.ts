import { spawn } from 'node:child_process'
import { mkdirSync, openSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { createRouterClient } from '../../src/adapters/traffic/embedded/client.js'
import { readRouterFile } from '../../src/adapters/traffic/embedded/router-file.js'
import { ensureEnvoy } from '../../tools/install/envoy.js'
import { ensureHaproxy } from '../../tools/install/haproxy.js'
import { freePort, untilAnswers } from './processes.js'

export interface Divider {
  readonly name: string
  readonly port: number
  readonly pid: number
  /** Sets the canary's weight, percent, and resolves when it is in force. */
  weigh(weight: number): Promise<void>
  stop(): void
}

/** A folder for its files, and the ports of the two versions. */
export interface Place {
  readonly folder: string
  readonly stable: number
  readonly canary: number
}

interface Program {
  readonly program: string
  readonly args: readonly string[]
  readonly log: string
}

function startProgram({ program, args, log }: Program) {
  const out = openSync(log, 'w')
  const child = spawn(program, args, { stdio: ['ignore', out, out] })
  if (child.pid === undefined) throw new Error(`${program} did not start`)
  return { pid: child.pid, stop: () => void child.kill('SIGKILL') }
}

export async function startHaproxy({ folder, stable, canary }: Place): Promise<Divider> {
  const port = await freePort()
  const socket = join(folder, 'api.sock')
  const configuration = join(folder, 'haproxy.cfg')
  writeFileSync(
    configuration,
    `global
  stats socket ${socket} level admin
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 30s
  option forwardfor
frontend door
  bind 127.0.0.1:${port}
  default_backend model
backend model
  balance roundrobin
  server stable 127.0.0.1:${stable} weight 256
  server canary 127.0.0.1:${canary} weight 0
`,
  )
  const program = await ensureHaproxy()
  const args = ['-db', '-f', configuration]
  const running = startProgram({ program, args, log: join(folder, 'haproxy.log') })
  await untilAnswers(`http://127.0.0.1:${port}/`)
  const weigh = async (weight: number) => {
    const toCanary = Math.round((256 * weight) / 100)
    await tell(
      socket,
      `set weight model/stable ${256 - toCanary};set weight model/canary ${toCanary}\n`,
    )
  }
  return { name: 'HAProxy', port, ...running, weigh }
}

function tell(socket: string, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(socket, () => connection.end(words))
    connection.on('error', reject)
    connection.on('close', () => resolve())
    connection.resume()
  })
}

export async function startEnvoy({ folder, stable, canary }: Place): Promise<Divider> {
  const [port, admin] = [await freePort(), await freePort()]
  const configuration = join(folder, 'envoy.json')
  writeFileSync(configuration, JSON.stringify(envoy({ port, admin, stable, canary })))
  const args = ['-c', configuration, '--use-dynamic-base-id', '-l', 'warn']
  const program = await ensureEnvoy()
  const running = startProgram({ program, args, log: join(folder, 'envoy.log') })
  await untilAnswers(`http://127.0.0.1:${port}/`)
  const weigh = async (weight: number) => {
    const url = `http://127.0.0.1:${admin}/runtime_modify?split.stable=${100 - weight}&split.canary=${weight}`
    const response = await fetch(url, { method: 'POST' })
    if ((await response.text()) !== 'OK\n') throw new Error('Envoy took no weights')
  }
  return { name: 'Envoy', port, ...running, weigh }
}

function envoy(ports: { port: number; admin: number; stable: number; canary: number }): object {
  const at = (port: number) => ({ socket_address: { address: '127.0.0.1', port_value: port } })
  const cluster = (name: string, port: number) => ({
    name,
    type: 'STATIC',
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: at(port) } }] }],
    },
  })
  const clusters = [
    { name: 'stable', weight: 100 },
    { name: 'canary', weight: 0 },
  ]
  const route = { weighted_clusters: { runtime_key_prefix: 'split', clusters } }
  const types = 'type.googleapis.com/envoy.extensions.filters'
  const manager = {
    '@type': `${types}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'door',
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: { '@type': `${types}.http.router.v3.Router` },
      },
    ],
    route_config: {
      virtual_hosts: [{ name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route }] }],
    },
  }
  const filter = { name: 'envoy.filters.network.http_connection_manager', typed_config: manager }
  return {
    admin: { address: at(ports.admin) },
    layered_runtime: {
      layers: [
        { name: 'first', static_layer: { 'split.stable': 100, 'split.canary': 0 } },
        { name: 'admin', admin_layer: {} },
      ],
    },
    static_resources: {
      listeners: [{ address: at(ports.port), filter_chains: [{ filters: [filter] }] }],
      clusters: [cluster('stable', ports.stable), cluster('canary', ports.canary)],
    },
  }
}

export interface Router extends Divider {
  mirror(share: number): Promise<void>
  counted(): Promise<unknown>
}

/** The router as deploy-canary starts it: its bundle, with its prediction log. */
export async function startRouter(
  place: Place,
  bundle: string,
  nodeOptions: readonly string[] = [],
): Promise<Router> {
  const folder = join(place.folder, `router-${place.canary}`)
  mkdirSync(folder)
  const stateFile = join(folder, 'router.json')
  const configuration = join(folder, 'config.json')
  const port = await freePort()
  const config = {
    stateFile,
    predictionLog: join(folder, 'predictions.jsonl'),
    listen: { host: '127.0.0.1', port },
    stable: { version: 'census-1', url: `http://127.0.0.1:${place.stable}` },
    // A shadow that hangs is to be met by requests, so no check takes it out before.
    healthPath: '',
  }
  writeFileSync(configuration, JSON.stringify(config))
  const args = [...nodeOptions, bundle, '--config', configuration]
  const running = startProgram({
    program: process.execPath,
    args,
    log: join(folder, 'log'),
  })
  await untilAnswers(`http://127.0.0.1:${port}/`)
  const file = readRouterFile(stateFile)
  if (file === undefined) throw new Error('the router has no state')
  const client = createRouterClient(file)
  const canary = { version: 'census-2', url: `http://127.0.0.1:${place.canary}` }
  await client.write('/backends', { force: true, canary })
  const change = async (route: '/weights' | '/mirror', body: object) => {
    const { revision } = (await client.state()).traffic
    const { conflict } = await client.write(route, { revision, ...body })
    if (conflict) throw new Error('somebody else has written')
  }
  return {
    name: 'embedded router',
    port,
    ...running,
    stop: () => void process.kill(running.pid, 'SIGTERM'),
    weigh: (weight) => change('/weights', { canary: weight }),
    mirror: (share) => change('/mirror', { share }),
    counted: async () => (await client.state()).reading.mirror,
  }
}
