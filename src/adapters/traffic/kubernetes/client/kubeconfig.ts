import { readFile } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { UserError } from '../../../../errors.js'
import { hasCode } from '../../../../files/errno.js'

const Cluster = z.object({
  server: z.url({ protocol: /^https?$/ }),
  'certificate-authority': z.string().optional(),
  'certificate-authority-data': z.base64().optional(),
  'insecure-skip-tls-verify': z.boolean().optional(),
  'tls-server-name': z.string().optional(),
  'proxy-url': z.string().optional(),
})

const Exec = z.object({
  apiVersion: z.enum(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: z.string().optional(),
  interactiveMode: z.string().optional(),
  provideClusterInfo: z.boolean().optional(),
})
export type ExecPlugin = z.output<typeof Exec>

const User = z.looseObject({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  'client-certificate': z.string().optional(),
  'client-certificate-data': z.base64().optional(),
  'client-key': z.string().optional(),
  'client-key-data': z.base64().optional(),
  exec: Exec.optional(),
})
export type KubeUser = z.output<typeof User>

/** Only the entries that are meant are looked into. */
const Named = z
  .array(z.looseObject({ name: z.string() }))
  .nullish()
  .transform((list) => list ?? [])

const Kubeconfig = z.looseObject({
  'current-context': z.string().optional(),
  clusters: Named,
  users: Named,
  contexts: Named,
})

const Context = z.object({
  cluster: z.string(),
  user: z.string().optional(),
  namespace: z.string().optional(),
})

/** A cluster and how one signs in to it; paths are whole. */
export interface KubeAccess {
  /** Where this comes from, for messages. */
  readonly source: string
  readonly server: URL
  readonly namespace: string
  readonly caData: string | undefined
  readonly caFile: string | undefined
  readonly isInsecure: boolean
  readonly serverName: string | undefined
  readonly proxyUrl: string | undefined
  readonly user: KubeUser
  /** The folder that an exec plugin's relative command is sought in. */
  readonly folder: string
}

export interface FindAccess {
  /** A path from the configuration; else KUBECONFIG, else ~/.kube/config, else the pod's service account. */
  readonly kubeconfig?: string | undefined
  /** Else the current one of the kubeconfig. */
  readonly context?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Where a pod finds its own account. */
  readonly accountFolder?: string | undefined
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The cluster that is meant, as kubectl would find it. */
export async function findAccess(options: FindAccess): Promise<KubeAccess> {
  const { kubeconfig, env, home } = options
  const named = kubeconfig ?? env['KUBECONFIG']
  const paths =
    named === undefined || named === ''
      ? [join(home, '.kube', 'config')]
      : named.split(delimiter).filter((path) => path !== '')
  const files = await Promise.all(paths.map(loadFile))
  const found = files.filter((file) => file !== undefined)
  if (found.length > 0) return accessOf(found, options.context)
  const own = await serviceAccount(env, options.accountFolder ?? SERVICE_ACCOUNT)
  if (own !== undefined && (named === undefined || named === '')) return own
  throw problem({
    where: paths.join(delimiter),
    what: 'there is no kubeconfig, and no service account of a pod.',
    fix: 'Give KUBECONFIG the path of one, or set deploy.<target>.kubeconfig.',
  })
}

interface LoadedFile {
  readonly path: string
  readonly config: z.output<typeof Kubeconfig>
}

async function loadFile(path: string): Promise<LoadedFile | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw problem({ where: path, what: 'the kubeconfig cannot be read.', fix: 'See its rights.' })
  }
  const parsed = Kubeconfig.safeParse(yamlOf(text))
  if (parsed.success) return { path, config: parsed.data }
  // Nothing of its content: it holds secrets.
  throw problem({
    where: path,
    what: 'this is no kubeconfig: it needs clusters, users and contexts.',
    fix: 'See `kubectl config view`.',
  })
}

function yamlOf(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' }) as unknown
  } catch {
    return undefined
  }
}

interface Found {
  readonly path: string
  readonly value: unknown
}

/** Of several files the first that has a name wins, as for kubectl. */
function accessOf(files: readonly LoadedFile[], wanted: string | undefined): KubeAccess {
  const where = files.map(({ path }) => path).join(delimiter)
  const find = (list: 'clusters' | 'users' | 'contexts', key: string, name: string): Found => {
    for (const { path, config } of files) {
      const entry = config[list].find((one) => one['name'] === name)
      if (entry !== undefined) return { path, value: entry[key] }
    }
    const names = files.flatMap(({ config }) => config[list].map((one) => String(one['name'])))
    throw problem({
      where,
      what: `${key} ${JSON.stringify(name)} not found. Found: ${names.join(', ') || 'none'}.`,
      fix: 'Name one of these with deploy.<target>.context, or mend the kubeconfig.',
    })
  }
  const current = files.map(({ config }) => config['current-context']).find(Boolean)
  const contextName = wanted ?? current
  if (contextName === undefined) {
    throw problem({
      where,
      what: 'no context is the current one.',
      fix: 'Name one with deploy.<target>.context.',
    })
  }
  const context = read(Context, find('contexts', 'context', contextName), 'context')
  const cluster = find('clusters', 'cluster', context.cluster)
  const user =
    context.user === undefined || context.user === ''
      ? { path: cluster.path, value: {} }
      : find('users', 'user', context.user)
  return assemble({ cluster, user, namespace: context.namespace ?? 'default' })
}

function assemble(parts: { cluster: Found; user: Found; namespace: string }): KubeAccess {
  const cluster = read(Cluster, parts.cluster, 'cluster')
  const user = read(User, parts.user, 'user')
  refuseOtherSignIns(user, parts.user.path)
  const whole = (path: string | undefined, from: string) =>
    path === undefined || isAbsolute(path) ? path : join(dirname(from), path)
  return {
    source: parts.cluster.path,
    server: new URL(cluster.server),
    namespace: parts.namespace,
    caData: cluster['certificate-authority-data'],
    caFile: whole(cluster['certificate-authority'], parts.cluster.path),
    isInsecure: cluster['insecure-skip-tls-verify'] ?? false,
    serverName: cluster['tls-server-name'],
    proxyUrl: cluster['proxy-url'],
    user: {
      ...user,
      tokenFile: whole(user.tokenFile, parts.user.path),
      'client-certificate': whole(user['client-certificate'], parts.user.path),
      'client-key': whole(user['client-key'], parts.user.path),
    },
    folder: dirname(parts.user.path),
  }
}

/** What would sign in as somebody else than we would: never passed over. */
const OTHER_SIGN_INS = ['auth-provider', 'username', 'password', 'as', 'as-groups', 'as-uid']

function refuseOtherSignIns(user: KubeUser, where: string): void {
  const other = OTHER_SIGN_INS.find((key) => user[key] !== undefined)
  if (other === undefined) return
  throw new UserError({
    code: 'MW-DEPLOY-101',
    where,
    what: `the user signs in by ${other}, which is not understood.`,
    fix: 'Use a token, a client certificate or an exec plugin.',
  })
}

function read<T extends z.ZodType>(schema: T, { path, value }: Found, what: string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const keys = parsed.error.issues.map(({ path: keys }) => keys.join('.') || what)
  throw problem({
    where: path,
    what: `the ${what} is not understood (${[...new Set(keys)].join(', ')}).`,
    fix: 'See `kubectl config view`.',
  })
}

async function serviceAccount(
  env: FindAccess['env'],
  folder: string,
): Promise<KubeAccess | undefined> {
  const host = env['KUBERNETES_SERVICE_HOST']
  if (host === undefined || host === '') return undefined
  const namespace = await readFile(join(folder, 'namespace'), 'utf8').catch(() => undefined)
  if (namespace === undefined) return undefined
  const name = host.includes(':') ? `[${host}]` : host
  return {
    source: 'the service account of the pod',
    server: new URL(`https://${name}:${env['KUBERNETES_SERVICE_PORT'] ?? '443'}`),
    namespace: namespace.trim(),
    caData: undefined,
    caFile: join(folder, 'ca.crt'),
    isInsecure: false,
    serverName: undefined,
    proxyUrl: undefined,
    user: { tokenFile: join(folder, 'token') },
    folder,
  }
}

function problem(details: { where: string; what: string; fix: string }): UserError {
  return new UserError({ code: 'MW-DEPLOY-100', ...details })
}
