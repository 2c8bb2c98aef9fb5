import { copyFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { ensureGo } from './go.js'
import { buildProgram, moduleFolder } from './go-program.js'

/** As in flux/go.mod, beside this file, which pins all that is in the program. */
const VERSION = '1.9.5'
const SOURCE = 'github.com/fluxcd/kustomize-controller'
const MODULE = new URL('./flux/', import.meta.url).pathname
const CONTROLLER = 'kustomize-controller'

/** Modules with definitions, and the Application of Argo CD, which is followed in the same way. */
const DEFINITIONS = [
  { module: `${SOURCE}@v${VERSION}`, path: 'config/crd/bases' },
  { module: 'github.com/fluxcd/source-controller@v1.9.5', path: 'config/crd/bases' },
  { module: 'github.com/fluxcd/helm-controller@v1.4.0', path: 'config/crd/bases' },
  { module: 'github.com/argoproj/argo-cd/v3@v3.1.9', path: 'manifests/crds' },
] as const

export interface FluxPrograms {
  readonly version: string
  readonly controller: string
  /** A folder of YAML files with CustomResourceDefinitions. */
  readonly definitions: string
}

/** Flux's genuine kustomize-controller, built from the modules of the Go proxy: about nine minutes on two busy cores, once. */
export async function ensureFluxPrograms(): Promise<FluxPrograms> {
  const folder = await ensureFlux()
  return { version: VERSION, controller: join(folder, CONTROLLER), definitions: folder }
}

/** The folder of the program and of the definitions. */
export function ensureFlux(): Promise<string> {
  return ensureCached({ name: 'flux', version: VERSION, fill })
}

async function fill(folder: string): Promise<void> {
  const go = await ensureGo()
  await buildProgram(go, { within: MODULE, source: SOURCE, program: join(folder, CONTROLLER) })
  for (const { module, path } of DEFINITIONS) {
    const from = join(await moduleFolder(go, module, folder), path)
    for (const file of await readdir(from)) {
      if (!file.endsWith('.yaml') || file === 'kustomization.yaml') continue
      await copyFile(join(from, file), join(folder, file))
    }
  }
}
