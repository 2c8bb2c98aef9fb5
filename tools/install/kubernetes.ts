import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { ensureGo } from './go.js'
import { buildProgram, moduleFolder } from './go-program.js'

/** As in kubernetes/go.mod, beside this file, which pins all that is in the programs. */
const KUBERNETES = '1.36.3'
const ETCD = '3.6.14'
/** Changes with what else is put into the folder. */
const CONTENT = 'a'

/** Modules whose zips hold definitions of resources, and where. */
const DEFINITIONS = [
  { module: 'sigs.k8s.io/gateway-api@v1.5.1', path: 'config/crd/standard' },
  {
    module: 'istio.io/api@v1.31.1',
    path: 'kubernetes/customresourcedefinitions.gen.yaml',
  },
  {
    module: 'github.com/kserve/kserve@v0.20.0',
    path: 'config/crd/full/serving.kserve.io_inferenceservices.yaml',
  },
] as const

const MODULE = new URL('./kubernetes/', import.meta.url).pathname

export interface KubernetesPrograms {
  readonly version: string
  readonly etcd: string
  readonly apiServer: string
  readonly controllerManager: string
  /** A folder of YAML files with CustomResourceDefinitions: Gateway API 1.5.1, Istio 1.31.1, KServe 0.20.0. */
  readonly definitions: string
}

/** A genuine control plane without containers, built from the modules of the Go proxy: about six minutes on two cores, once. */
export async function ensureKubernetesPrograms(): Promise<KubernetesPrograms> {
  const version = `${KUBERNETES}-etcd-${ETCD}-${CONTENT}`
  const folder = await ensureCached({ name: 'kubernetes', version, fill })
  return {
    version: KUBERNETES,
    etcd: join(folder, 'etcd'),
    apiServer: join(folder, 'kube-apiserver'),
    controllerManager: join(folder, 'kube-controller-manager'),
    definitions: join(folder, 'definitions'),
  }
}

/** The folder of the programs. */
export async function ensureKubernetes(): Promise<string> {
  return join((await ensureKubernetesPrograms()).etcd, '..')
}

async function fill(folder: string): Promise<void> {
  const go = await ensureGo()
  await copyDefinitions(go, join(folder, 'definitions'))
  const [major, minor] = KUBERNETES.split('.')
  const stamp = 'k8s.io/component-base/version.git'
  const stamps = [
    ['Version', `v${KUBERNETES}`],
    ['Major', major],
    ['Minor', minor],
  ].map(([name, value]) => `-X ${stamp}${name}=${value}`)
  const stamped = ['-s -w', ...stamps].join(' ')
  const build = (program: string, source: string, ldflags?: string): Promise<void> =>
    buildProgram(go, { within: MODULE, source, ldflags, program: join(folder, program) })
  await build('etcd', 'go.etcd.io/etcd/server/v3')
  for (const name of ['kube-apiserver', 'kube-controller-manager']) {
    await build(name, `k8s.io/kubernetes/cmd/${name}`, stamped)
  }
  const said = await command(join(folder, 'kube-apiserver'), ['--version'])
  if (!said.includes(KUBERNETES)) throw new Error(`kube-apiserver says "${said.trim()}"`)
}

async function copyDefinitions(go: string, to: string): Promise<void> {
  await mkdir(to)
  for (const { module, path } of DEFINITIONS) {
    // Elsewhere than in a module of ours: these are no parts of the programs.
    const from = join(await moduleFolder(go, module, to), path)
    const files = path.endsWith('.yaml') ? [''] : await readdir(from)
    for (const file of files.filter((name) => name === '' || name.endsWith('.yaml'))) {
      if (file === 'kustomization.yaml') continue
      const name = `${module.replaceAll(/[^\w.-]/g, '_')}-${file === '' ? 'all.yaml' : file}`
      await copyFile(join(from, file), join(to, name))
    }
  }
}
