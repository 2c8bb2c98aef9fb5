import { join } from 'node:path'
import type { SignalsSection } from '../../config/deploy/signals.js'
import type { DeploySection } from '../../config/deploy.js'
import { UserError } from '../../errors.js'
import type { Registers } from '../../ports/forge.js'
import type { RolloutStore } from '../../ports/rollout-store.js'
import type { Signals } from '../../ports/signals.js'
import type { Backend, OpenTarget, TrafficTarget } from '../../ports/traffic.js'
import { askedWeights } from './asked-weights.js'
import type { System, SystemTools } from './system.js'

export interface TrafficTools extends SystemTools {
  readonly settings: DeploySection
  /** The built router, for the target that is a process of ours. */
  readonly routerPath: string
  /** The forge's registers and the name of ours among them, where there is a forge. */
  readonly register: { readonly registers: Registers; readonly name: string } | undefined
  /** What the settings name; for counts that they do not name, what the target is counted by, else its own. */
  readonly openSignals: (otherwise?: SignalsSection, own?: Signals) => Promise<Signals | undefined>
  /** Whether a version answers at its own address. */
  readonly answers: (url: string, healthPath: string) => Promise<boolean>
}

export interface Traffic {
  /** The stable version that the target knows already; undefined before its first deployment. */
  readonly knownStable: (stateDir: string) => Promise<Backend | undefined>
  readonly openTarget: (options: OpenTarget) => Promise<TrafficTarget>
}

/** The target that the settings name; what others need is not loaded. */
export function createTraffic(tools: TrafficTools): Traffic {
  return tools.settings.target === 'embedded' ? embedded(tools) : kept(tools)
}

function embedded({ routerPath }: TrafficTools): Traffic {
  return {
    knownStable: async (stateDir) => (await import('./embedded/saved.js')).savedStable(stateDir),
    openTarget: async (options) =>
      (await import('./embedded/index.js')).createEmbeddedTarget({ ...options, routerPath }),
  }
}

interface Opened {
  readonly system: System
  readonly store: RolloutStore
}

function kept(tools: TrafficTools): Traffic {
  let opened: Promise<Opened> | undefined
  const once = (stateDir: string) => {
    opened ??= open(tools, stateDir)
    return opened
  }
  return {
    knownStable: async (stateDir) => (await (await once(stateDir)).store.read())?.stable,
    openTarget: async ({ stateDir, stable, healthPath }) => {
      const { system, store } = await once(stateDir)
      const { createKeptTarget } = await import('./kept/index.js')
      const { answers, now, sleep, settings } = tools
      return createKeptTarget({
        splitter: system.splitter,
        store,
        signals: await tools.openSignals(system.countedBy, system.signals),
        stable,
        isReady: async ({ url }) => url === undefined || answers(url, healthPath),
        now,
        sleep,
        settleMs: settings.settle,
      })
    },
  }
}

async function open(tools: TrafficTools, stateDir: string): Promise<Opened> {
  const { target, record } = tools.settings
  if (target === 'embedded') throw new RangeError('the embedded router keeps its own state')
  const { openSystem } = await import('./systems.js')
  const steps = askedWeights(tools.settings)
  const system = await openSystem(target, tools.settings, { ...tools, steps })
  if (record === 'forge') return { system, store: await registerStore(tools) }
  if (record !== 'folder' && system.store !== undefined) return { system, store: system.store }
  const { createFileRolloutStore } = await import('./stores/file.js')
  return { system, store: createFileRolloutStore(join(stateDir, target)) }
}

async function registerStore({ register }: TrafficTools): Promise<RolloutStore> {
  const { createRegisterRolloutStore } = await import('./stores/register.js')
  if (register !== undefined) return createRegisterRolloutStore(register.registers, register.name)
  throw new UserError({
    code: 'MW-DEPLOY-055',
    where: 'deploy.record',
    what: 'the record of the rollout is to be kept in the forge, and there is none here.',
    fix: 'Give a github-token with contents: write, or set deploy.record to folder or target.',
  })
}
