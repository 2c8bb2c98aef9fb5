import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAllDocuments, stringify } from 'yaml'
import {
  type KubernetesClient,
  openCluster,
} from '../../../src/adapters/traffic/kubernetes/client/index.js'
import { type Json, objectsAt, textAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import { command } from '../../../tools/install/command.js'
import type { KubernetesPrograms } from '../../../tools/install/kubernetes.js'
import { freePorts, startProgram, stopProgram, until } from './processes.js'

export interface RawRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly contentType?: string
}

/** etcd and kube-apiserver, and our client of them as their administrator. */
export interface Cluster {
  readonly client: KubernetesClient
  readonly server: string
  readonly folder: string
  readonly certificate: string
  readonly token: string
  /** The paths of kubeconfigs: of an administrator by a token and by a certificate, of somebody without any right, of nobody that the server knows. */
  readonly kubeconfigs: Readonly<Record<'admin' | 'certified' | 'guest' | 'unknown', string>>
  /** What our client never does: other field managers, status, creation. Throws on all but 2xx. */
  raw(asked: RawRequest): Promise<Json>
  /** Adds the definitions of each file whose name holds `text`, of the programs' folder of definitions or another one. */
  define(text: string, folder?: string): Promise<void>
  /** Images whose pods never become ready. */
  readonly neverReady: Set<string>
  /** Also the controllers of Deployments and ReplicaSets, with pods that become ready at once. */
  withControllers(): Promise<void>
  close(): Promise<void>
}

export async function startCluster(programs: KubernetesPrograms): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-kubernetes-'))
  const [etcdPort, peerPort, port, controllerPort] = await freePorts(4)
  const certs = join(folder, 'certs')
  await mkdir(certs)
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const key = join(folder, 'sa.key')
  await writeFile(key, privateKey)
  const certified = await certify(folder)
  const tokens = { admin: randomBytes(16).toString('hex'), guest: randomBytes(16).toString('hex') }
  const tokenFile = join(folder, 'tokens.csv')
  await writeFile(
    tokenFile,
    `${tokens.admin},admin,admin-uid,"system:masters"\n${tokens.guest},guest,guest-uid\n`,
  )
  const etcdUrl = `http://127.0.0.1:${etcdPort}`
  const peerUrl = `http://127.0.0.1:${peerPort}`
  const server = `https://127.0.0.1:${port}`
  const log = (name: string) => join(folder, `${name}.log`)
  const children = [
    startProgram(
      programs.etcd,
      [
        `--data-dir=${join(folder, 'etcd')}`,
        `--listen-client-urls=${etcdUrl}`,
        `--advertise-client-urls=${etcdUrl}`,
        `--listen-peer-urls=${peerUrl}`,
        `--initial-advertise-peer-urls=${peerUrl}`,
        `--initial-cluster=default=${peerUrl}`,
        '--unsafe-no-fsync',
      ],
      log('etcd'),
    ),
    startProgram(
      programs.apiServer,
      [
        `--etcd-servers=${etcdUrl}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${port}`,
        `--cert-dir=${certs}`,
        // Addresses of loopback, so that a process of the test can stand for a Service.
        '--service-cluster-ip-range=127.77.0.0/16',
        `--token-auth-file=${tokenFile}`,
        '--authorization-mode=RBAC',
        `--client-ca-file=${certified.authority}`,
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${key}`,
        `--service-account-signing-key-file=${key}`,
        '--endpoint-reconciler-type=none',
        '--disable-admission-plugins=ServiceAccount',
      ],
      log('kube-apiserver'),
    ),
  ]
  let kubelet: { stop(): Promise<void> } | undefined
  const neverReady = new Set<string>()
  const close = async (): Promise<void> => {
    await kubelet?.stop()
    await Promise.all(children.map(stopProgram))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const certificate = join(certs, 'apiserver.crt')
    let ca = ''
    const raw = (asked: RawRequest) => rawRequest(asked, { server, token: tokens.admin, ca })
    await until('kube-apiserver', async () => {
      ca = await readFile(certificate, 'utf8')
      return (
        (await rawText({ method: 'GET', path: '/readyz' }, { server, token: tokens.admin, ca }))
          .text === 'ok'
      )
    })
    const kubeconfig = async (name: string, user: object): Promise<string> => {
      const path = join(folder, `${name}.kubeconfig`)
      await writeFile(path, kubeconfigText({ server, user, certificate: 'certs/apiserver.crt' }))
      return path
    }
    const kubeconfigs = {
      admin: await kubeconfig('admin', { token: tokens.admin }),
      guest: await kubeconfig('guest', { token: tokens.guest }),
      unknown: await kubeconfig('unknown', { token: 'who-is-this' }),
      certified: await kubeconfig('certified', certified.user),
    }
    const client = await openCluster({ kubeconfig: kubeconfigs.admin, env: {}, home: folder })
    await until('the namespace default', async () => {
      await raw({ method: 'GET', path: '/api/v1/namespaces/default' })
      return true
    })
    return {
      client,
      server,
      folder,
      certificate,
      token: tokens.admin,
      kubeconfigs,
      raw,
      define: (text, from = programs.definitions) => define(raw, from, text),
      neverReady,
      withControllers: async () => {
        children.push(
          startProgram(
            programs.controllerManager,
            [
              `--kubeconfig=${kubeconfigs.admin}`,
              '--bind-address=127.0.0.1',
              `--secure-port=${controllerPort}`,
              '--controllers=deployment,replicaset,garbage-collector-controller,namespace-controller',
              '--use-service-account-credentials=false',
              '--leader-elect=false',
              '--kube-api-qps=400',
              '--kube-api-burst=800',
            ],
            log('kube-controller-manager'),
          ),
        )
        kubelet = startKubelet(raw, neverReady)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** An authority, and a certificate of it for a member of system:masters. */
async function certify(folder: string) {
  const at = (name: string) => join(folder, name)
  const [authority, authorityKey] = [at('client-ca.crt'), at('client-ca.key')]
  const [certificate, key, request] = [at('client.crt'), at('client.key'), at('client.csr')]
  const subject = (name: string) => ['-nodes', '-newkey', 'rsa:2048', '-subj', name]
  const openssl = (...args: string[]) => command('openssl', args)
  const days = ['-days', '2']
  await openssl(
    'req',
    '-x509',
    ...days,
    ...subject('/CN=authority'),
    '-keyout',
    authorityKey,
    '-out',
    authority,
  )
  await openssl(
    'req',
    ...subject('/O=system:masters/CN=certified'),
    '-keyout',
    key,
    '-out',
    request,
  )
  const signed = ['-CA', authority, '-CAkey', authorityKey, '-CAcreateserial']
  await openssl('x509', '-req', ...days, '-in', request, ...signed, '-out', certificate)
  const data = (await readFile(key)).toString('base64')
  return {
    authority,
    user: { 'client-certificate': 'client.crt', 'client-key-data': data },
  }
}

function kubeconfigText(given: { server: string; user: object; certificate: string }): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'default' } }],
    clusters: [
      {
        name: 'test',
        cluster: { server: given.server, 'certificate-authority': given.certificate },
      },
    ],
    users: [{ name: 'test', user: given.user }],
  })
}

interface Server {
  readonly server: string
  readonly token: string
  readonly ca: string
}

async function rawRequest(asked: RawRequest, server: Server): Promise<Json> {
  const { status, text } = await rawText(asked, server)
  if (status < 200 || status > 299) {
    throw new Error(`${asked.method} ${asked.path}: ${status} ${text.slice(0, 1000)}`)
  }
  return JSON.parse(text) as Json
}

function rawText(
  asked: RawRequest,
  { server, token, ca }: Server,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(asked.path, server),
      {
        method: asked.method,
        ca,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': asked.contentType ?? 'application/json',
        },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        response.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(asked.body === undefined ? undefined : JSON.stringify(asked.body))
  })
}

type Raw = Cluster['raw']

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

async function define(raw: Raw, folder: string, text: string): Promise<void> {
  for (const file of (await readdir(folder)).filter((each) => each.includes(text))) {
    for (const document of parseAllDocuments(await readFile(join(folder, file), 'utf8'))) {
      const definition = document.toJS() as Json | null
      if (textAt(definition, 'kind') !== 'CustomResourceDefinition' || definition === null) continue
      await raw({ method: 'POST', path: DEFINITIONS, body: definition })
      const name = textAt(definition, 'metadata', 'name') ?? ''
      await until(name, async () => {
        const now = await raw({ method: 'GET', path: `${DEFINITIONS}/${name}` })
        return objectsAt(now, 'status', 'conditions').some(
          (one) => textAt(one, 'type') === 'Established' && textAt(one, 'status') === 'True',
        )
      })
    }
  }
}

/** What a node would say of its pods: each is running and ready, unless its annotation or its image says never. */
function startKubelet(raw: Raw, neverReady: ReadonlySet<string>): { stop(): Promise<void> } {
  let isOn = true
  const round = async () => {
    const pods = objectsAt(
      await raw({ method: 'GET', path: '/api/v1/namespaces/default/pods' }),
      'items',
    )
    for (const pod of pods) {
      if (textAt(pod, 'status', 'phase') === 'Running') continue
      if (textAt(pod, 'metadata', 'annotations', 'test/never-ready') === 'true') continue
      if (neverReady.has(textAt(pod, 'spec', 'containers', 0, 'image') ?? '')) continue
      const name = textAt(pod, 'metadata', 'name') ?? ''
      const condition = (type: string) => ({ type, status: 'True' })
      const status = {
        phase: 'Running',
        conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(condition),
      }
      await raw({
        method: 'PATCH',
        path: `/api/v1/namespaces/default/pods/${name}/status`,
        contentType: 'application/merge-patch+json',
        body: { status },
      })
    }
  }
  const done = (async () => {
    while (isOn) {
      await round().catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  return {
    stop: async () => {
      isOn = false
      await done
    },
  }
}
