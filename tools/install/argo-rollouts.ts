import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { ensureGo } from './go.js'
import { buildProgram, moduleFolder } from './go-program.js'

/** As in argo-rollouts/go.mod, beside this file, which pins all that is in the program. */
const VERSION = '1.10.1'
const SOURCE = 'github.com/argoproj/argo-rollouts'
const MODULE = new URL('./argo-rollouts/', import.meta.url).pathname
const CONTROLLER = 'rollouts-controller'
const DEFINITIONS = [
  'rollout-crd.yaml',
  'analysis-run-crd.yaml',
  'analysis-template-crd.yaml',
  'cluster-analysis-template-crd.yaml',
  'experiment-crd.yaml',
]

export interface ArgoRolloutsPrograms {
  readonly version: string
  readonly controller: string
  /** A folder of YAML files with CustomResourceDefinitions. */
  readonly definitions: string
}

/** The genuine controller, built from the modules of the Go proxy: about three minutes on two cores, once. */
export async function ensureArgoRolloutsPrograms(): Promise<ArgoRolloutsPrograms> {
  const folder = await ensureArgoRollouts()
  return { version: VERSION, controller: join(folder, CONTROLLER), definitions: folder }
}

/** The folder of the program and of its definitions. */
export function ensureArgoRollouts(): Promise<string> {
  return ensureCached({ name: 'argo-rollouts', version: VERSION, fill })
}

async function fill(folder: string): Promise<void> {
  const go = await ensureGo()
  const program = join(folder, CONTROLLER)
  const stamp = `-s -w -X ${SOURCE}/utils/version.version=${VERSION}`
  await buildProgram(go, {
    within: MODULE,
    source: `${SOURCE}/cmd/${CONTROLLER}`,
    ldflags: stamp,
    program,
  })
  const source = await moduleFolder(go, `${SOURCE}@v${VERSION}`, folder)
  for (const name of DEFINITIONS) {
    await copyFile(join(source, 'manifests', 'crds', name), join(folder, name))
  }
  const said = await command(program, ['--version'])
  if (!said.includes(VERSION)) throw new Error(`${CONTROLLER} says "${said.trim()}"`)
}
