import { mkdir, writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll } from '@jest/globals'
import { refTo, SERVICE } from '../../../src/adapters/traffic/kubernetes/client/resource.js'
import { ensureKubernetesPrograms } from '../../../tools/install/kubernetes.js'
import { ensurePrometheusPrograms } from '../../../tools/install/prometheus.js'
import { ensureTraefik } from '../../../tools/install/traefik.js'
import { type Cluster, startCluster } from '../kubernetes/cluster.js'
import { type Gateway, startGateway } from '../kubernetes/gateway.js'
import { freePorts, startProgram, stopProgram, until } from '../kubernetes/processes.js'
import { systemSuite } from '../system-suite.js'
import { startCountedVersion } from './counted-version.js'
import { type Door, wholeRollouts } from './suite.js'

const PORT = 8080
/** A busy machine may be late in reading the counters and the routes. */
const FOLLOW_MS = 1000

const prepare = async () => ({
  kubernetes: await ensureKubernetesPrograms(),
  traefik: await ensureTraefik(),
  prometheus: (await ensurePrometheusPrograms()).prometheus,
})

interface Counter {
  readonly url: string
  close(): Promise<void>
}

/**
 * Prometheus that reads each version ten times a second. It reads them one after the other, and the shares of a short stretch are off by
 * what comes between two readings: they have to be frequent where looks are.
 */
async function startPrometheus(
  program: string,
  versions: Readonly<Record<string, string>>,
  folder: string,
): Promise<Counter> {
  const [port] = await freePorts(1)
  await mkdir(folder, { recursive: true })
  const targets = Object.entries(versions).map(
    ([name, address]) => `{ targets: ['${address}:${PORT}'], labels: { service: ${name} } }`,
  )
  await writeFile(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 100ms, scrape_timeout: 100ms }
scrape_configs:
  - job_name: versions
    static_configs: [${targets.join(', ')}]
`,
  )
  const url = `http://127.0.0.1:${port}`
  const child = startProgram(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    join(folder, 'log'),
  )
  await until('Prometheus', async () => (await fetch(`${url}/-/ready`)).ok)
  return { url, close: () => stopProgram(child) }
}

/** Sixteen users of a host behind the gateway. */
async function underLoad(gateway: Gateway, host: string, work: () => Promise<void>) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const statuses = new Map<number, number>()
  let isOn = true
  let sent = 0
  const user = async () => {
    while (isOn) {
      sent += 1
      const { status } = await gateway.post(host, agent)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      await sleep(20)
    }
  }
  const users = Array.from({ length: 16 }, user)
  try {
    await work()
  } finally {
    isOn = false
    await Promise.all(users)
    agent.destroy()
  }
  return { sent, statuses }
}

// @evidence Gateway API HTTPRoute: live (kube-apiserver 1.36.3, Traefik 3.7.15, counted by Prometheus 2.42.0), whole rollouts, a killed runner too
await systemSuite('The whole action on an HTTPRoute', prepare, (programs) => {
  let cluster: Cluster
  let gateway: Gateway
  let opened = 0
  beforeAll(async () => {
    cluster = await startCluster(programs().kubernetes)
    await cluster.define('gateway-api')
    gateway = await startGateway(cluster, programs().traefik)
  }, 180_000)
  afterAll(async () => {
    await gateway?.close()
    await cluster?.close()
  })

  const serve = async (name: string, address: string) => {
    const version = await startCountedVersion(name, { address, port: PORT })
    await cluster.client.apply(refTo(SERVICE, 'default', name), {
      metadata: { annotations: { 'traefik.io/service.nativelb': 'true' } },
      spec: { clusterIP: address, ports: [{ port: PORT }] },
    })
    return version
  }
  const open = async (): Promise<Door> => {
    opened += 1
    const [route, host] = [`route-${opened}`, `route-${opened}.test`]
    const addresses = { 'model-1': '127.77.6.1', 'model-2': '127.77.6.2' }
    const versions = {
      stable: await serve('model-1', addresses['model-1']),
      canary: await serve('model-2', addresses['model-2']),
    }
    const folder = join(cluster.folder, `prometheus-${opened}`)
    const prometheus = await startPrometheus(programs().prometheus, addresses, folder)
    await gateway.route(route, 'model-1')
    return {
      settings: {
        target: 'gateway-api',
        'gateway-api': { route, kubeconfig: cluster.kubeconfigs.admin, timeout: '20s' },
        signals: {
          prometheus: {
            url: prometheus.url,
            requests: 'requests_total{service="{name}"}',
            errors: 'requests_total{service="{name}",code=~"5.."}',
            lag: '400ms',
          },
        },
        interval: '2s',
        // A gateway takes a moment to follow.
        settle: '1s',
      },
      canary: versions.canary,
      underLoad: (work) => underLoad(gateway, host, work),
      toCanary: async (times) => {
        await sleep(FOLLOW_MS)
        const agent = new Agent({ keepAlive: true, maxSockets: 1 })
        let seen = 0
        for (let i = 0; i < times; i++) {
          const { body } = await gateway.post(host, agent)
          if (body === 'model-2') seen += 1
        }
        agent.destroy()
        return seen
      },
      close: async () => {
        await prometheus.close()
        for (const version of Object.values(versions)) await version.close()
      },
    }
  }
  wholeRollouts({ record: 'system', open })
})
