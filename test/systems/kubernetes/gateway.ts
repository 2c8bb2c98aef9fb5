import { writeFile } from 'node:fs/promises'
import { Agent, createServer, request, type Server } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { refTo, SERVICE } from '../../../src/adapters/traffic/kubernetes/client/resource.js'
import { numberAt, objectsAt, textAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import type { Cluster } from './cluster.js'
import { freePorts, startProgram, stopProgram, until } from './processes.js'

export interface Answer {
  /** 0: the connection was lost. */
  readonly status: number
  /** The version's name. */
  readonly body: string
}

/** Traefik as the gateway of a cluster, and servers on loopback that stand for Services. */
export interface Gateway {
  /** A Service on an address of loopback with a server that answers with the Service's name. */
  serve(name: string, address: string, count: (name: string) => void): Promise<void>
  /** An HTTPRoute for a host, all to one Service. */
  route(name: string, service: string): Promise<void>
  post(host: string, agent: Agent): Promise<Answer>
  close(): Promise<void>
}

const ROUTES = '/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes'

export async function startGateway(cluster: Cluster, traefik: string): Promise<Gateway> {
  const [port] = await freePorts(1)
  const servers: Server[] = []
  await cluster.raw({
    method: 'POST',
    path: '/apis/gateway.networking.k8s.io/v1/gatewayclasses',
    body: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'traefik' },
      spec: { controllerName: 'traefik.io/gateway-controller' },
    },
  })
  await cluster.raw({
    method: 'POST',
    path: '/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways',
    body: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'door' },
      spec: {
        gatewayClassName: 'traefik',
        listeners: [{ name: 'web', protocol: 'HTTP', port }],
      },
    },
  })
  const configuration = join(cluster.folder, 'traefik.json')
  const token = join(cluster.folder, 'traefik.token')
  await writeFile(token, cluster.token)
  await writeFile(
    configuration,
    JSON.stringify({
      entryPoints: { web: { address: `127.0.0.1:${port}` } },
      providers: {
        providersThrottleDuration: '100ms',
        kubernetesGateway: {
          endpoint: cluster.server,
          token,
          certAuthFilePath: cluster.certificate,
          nativeLBByDefault: true,
        },
      },
      log: { level: 'INFO' },
    }),
  )
  const child = startProgram(
    traefik,
    [`--configFile=${configuration}`],
    join(cluster.folder, 'traefik.log'),
  )
  const post = (host: string, agent: Agent) => postTo({ port: port ?? 0, host, agent })
  return {
    serve: async (name, address, count) => {
      const server = createServer((incoming, outgoing) => {
        incoming.resume()
        incoming.on('end', () => {
          count(name)
          outgoing.end(name)
        })
      })
      server.keepAliveTimeout = 60_000
      await new Promise<void>((resolve) => server.listen(8080, address, resolve))
      servers.push(server)
      await cluster.client.apply(refTo(SERVICE, 'default', name), {
        metadata: { annotations: { 'traefik.io/service.nativelb': 'true' } },
        spec: { clusterIP: address, ports: [{ port: 8080 }] },
      })
    },
    route: async (name, service) => {
      await cluster.raw({
        method: 'POST',
        path: ROUTES,
        body: {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'HTTPRoute',
          metadata: { name },
          spec: {
            parentRefs: [{ name: 'door' }],
            hostnames: [`${name}.test`],
            rules: [{ backendRefs: [{ name: service, port: 8080 }] }],
          },
        },
      })
      await until(`route ${name}`, async () => {
        const route = await cluster.raw({ method: 'GET', path: `${ROUTES}/${name}` })
        const parents = objectsAt(route, 'status', 'parents')
        return parents.some((parent) =>
          objectsAt(parent, 'conditions').some(
            (one) => textAt(one, 'type') === 'Accepted' && textAt(one, 'status') === 'True',
          ),
        )
      })
      const agent = new Agent()
      await until(`${name}.test`, async () => (await post(`${name}.test`, agent)).status === 200)
      agent.destroy()
    },
    post,
    close: async () => {
      await stopProgram(child)
      for (const server of servers) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

function postTo(to: { port: number; host: string; agent: Agent }): Promise<Answer> {
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: to.port,
        path: '/v2/models/m/infer',
        method: 'POST',
        agent: to.agent,
        headers: { host: to.host, 'content-type': 'application/json' },
      },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          body += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
        response.on('error', () => resolve({ status: 0, body: '' }))
      },
    )
    outgoing.on('error', () => resolve({ status: 0, body: '' }))
    outgoing.end('{"inputs":[]}')
  })
}

/**
 * A gateway whose class lists some features and whose controller takes each route at once: what a gateway says, without one that
 * moves requests. With a route to model-1, all of one name.
 */
export async function acceptingGateway(
  cluster: Cluster,
  { name, features }: { name: string; features: readonly string[] },
): Promise<{ stop(): Promise<void> }> {
  const apiVersion = 'gateway.networking.k8s.io/v1'
  const root = `/apis/${apiVersion}`
  const make = (path: string, kind: string, spec: object) =>
    cluster.raw({
      method: 'POST',
      path: root + path,
      body: { apiVersion, kind, metadata: { name }, spec },
    })
  const status = (path: string, body: object) =>
    cluster.raw({
      method: 'PATCH',
      path: `${root}${path}/${name}/status`,
      contentType: 'application/merge-patch+json',
      body: { status: body },
    })
  const controllerName = 'test/accepting'
  await make('/gatewayclasses', 'GatewayClass', { controllerName })
  await status('/gatewayclasses', {
    supportedFeatures: features.map((feature) => ({ name: feature })),
  })
  await make('/namespaces/default/gateways', 'Gateway', {
    gatewayClassName: name,
    listeners: [{ name: 'web', protocol: 'HTTP', port: 80 }],
  })
  await make('/namespaces/default/httproutes', 'HTTPRoute', {
    parentRefs: [{ name }],
    rules: [{ backendRefs: [{ name: 'model-1', port: 8080 }] }],
  })
  let isOn = true
  const accept = async () => {
    const route = await cluster.raw({ method: 'GET', path: `${ROUTES}/${name}` })
    const condition = (type: string) => ({
      type,
      status: 'True',
      reason: type,
      message: '',
      lastTransitionTime: new Date().toISOString(),
      observedGeneration: numberAt(route, 'metadata', 'generation'),
    })
    const conditions = [condition('Accepted'), condition('ResolvedRefs')]
    await status('/namespaces/default/httproutes', {
      parents: [{ parentRef: { name }, controllerName, conditions }],
    })
  }
  const done = (async () => {
    while (isOn) {
      await accept().catch(() => undefined)
      await sleep(40)
    }
  })()
  return {
    stop: async () => {
      isOn = false
      await done
    },
  }
}
