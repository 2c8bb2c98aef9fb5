import { join } from 'node:path'
import { parse } from 'yaml'
import type { GatePorts } from '../../../../src/actions/evaluate-gate/ports.js'
import { createGitCode } from '../../../../src/adapters/code/git.js'
import { openRegistry } from '../../../../src/adapters/registry/index.js'
import { GateSection } from '../../../../src/config/gate.js'
import { createWorkspace } from '../../../../src/files/workspace.js'
import type { Forge } from '../../../../src/ports/forge.js'
import type { RunFacts } from '../../../../src/ports/host.js'
import type { Tracker } from '../../../../src/ports/tracker.js'
import type { JobContext } from '../../../../src/runtime/job.js'
import { openRecord } from '../../../../src/statements/record.js'
import { createFakeHost, type FakeHost } from '../../runtime/fake-host.js'

export interface GateContextOptions {
  readonly folder: string
  /** A whole modelway.yml. */
  readonly config: string
  readonly run?: Partial<RunFacts>
  readonly forge?: Forge | undefined
  readonly inputs?: Readonly<Record<string, unknown>>
  readonly now?: Date
}

/** The context of a gate's job over a folder. */
export function gateContext(
  options: GateContextOptions,
): JobContext<GateSection> & { readonly host: FakeHost } {
  const host = createFakeHost()
  const sections = parse(options.config) as Record<string, Record<string, unknown>>
  const { inputs = {} } = options
  return {
    host,
    settings: GateSection.parse({ ...sections['gate'], ...inputs }),
    section: (name) => sections[name] ?? {},
    project: 'naïve test',
    workspace: createWorkspace(options.folder),
    record: openRecord(join(options.folder, '.modelway')),
    run: { ...host.run, ...options.run },
    log: host.log,
    signal: new AbortController().signal,
    now: () => options.now ?? new Date(),
    dryRun: false,
    cache: undefined,
    deployments: undefined,
    forge: options.forge,
    configFile: 'modelway.yml',
    inputs,
    env: {},
    distribution: new URL('file:///dist/'),
    saveState: () => undefined,
    mask: () => undefined,
  }
}

/** The ports with git and the registry of files; a tracker where the test gives one. */
export function gatePorts(context: JobContext<GateSection>, tracker?: Tracker): GatePorts {
  const { workspace, now, env } = context
  return {
    openRegistry: ({ registry, location }) =>
      openRegistry(registry, { workspace, location, now, env }),
    openTracker: async () => tracker,
    history: createGitCode(),
  }
}

/** A forge that can do what the test gives; everything else is a call that must not happen. */
export function partialForge(parts: { readonly [K in keyof Forge]?: Partial<Forge[K]> }): Forge {
  const refuse = (name: string) =>
    new Proxy(
      {},
      {
        get: (_, method) => () => {
          throw new Error(`${name}.${String(method)} was not expected`)
        },
      },
    )
  return new Proxy(parts as Forge, {
    get: (target, name: keyof Forge) =>
      new Proxy((target[name] ?? refuse(name)) as object, {
        get: (part, method) => Reflect.get(part, method) ?? Reflect.get(refuse(name), method),
      }),
  })
}

/** Predictions of a model on examples 0 to n - 1, of which every `wrong`th is predicted wrongly. */
export function predictions(n: number, wrong: number): string {
  const rows = Array.from({ length: n }, (_, id) => {
    const label = id % 2
    return `${id},${label},${id % wrong === 0 ? 1 - label : label}`
  })
  return `id,label,prediction\n${rows.join('\n')}\n`
}
