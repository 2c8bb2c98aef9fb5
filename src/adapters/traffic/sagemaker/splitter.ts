import type { SageMakerTarget } from '../../../config/deploy/sagemaker.js'
import type { BothRoles, Guard, Split, Splitter } from '../../../ports/splitter.js'
import type { TrafficSetting } from '../../../ports/traffic.js'
import type { Endpoint } from './api.js'
import { ejection, isWeighed, namesOf, splitOf, variantName } from './endpoint.js'
import { bothVariants, type CanaryVariant, canaryAlone } from './layout.js'
import { noSharedShadow, notServing } from './problems.js'
import { rollback } from './rollback.js'
import { ensureConfig, guarded, instancesOf, type SageMaker, wayBack } from './writes.js'

export interface SageMakerOptions extends SageMaker {
  readonly canary: SageMakerTarget['canary']
  readonly shadow: boolean
}

/**
 * Divides by the weights of production variants, by chance. A canary that the endpoint's configuration does not have is brought
 * in by a configuration of ours, and taken out again at the end.
 */
export function createSageMakerSplitter(options: SageMakerOptions): Splitter {
  const { api } = options
  return {
    kind: 'sagemaker',
    capabilities: { mirror: options.shadow, split: 'chance' },
    read: async (roles) => {
      const names = namesOf(roles)
      const endpoint = await api.endpoint()
      // A shadow is brought in with its first copies only.
      const ejected = options.shadow ? undefined : ejection(endpoint, names)
      return { ...splitOf(options, endpoint, names), ejected }
    },
    admit: (roles, guard) => admit(options, roles, guard),
    share: (roles, traffic, guard) => share(options, roles, { traffic, guard }),
    promote: (roles, guard) => promote(options, roles, guard),
    rollback: async (roles) =>
      splitOf(options, await rollback(options, namesOf(roles)), namesOf(roles)),
  }
}

interface Both {
  readonly stable: string
  readonly canary: string
}

function bothNames(roles: BothRoles): Both {
  return { stable: variantName(roles.stable), canary: variantName(roles.canary) }
}

const has = (endpoint: Endpoint, name: string) =>
  endpoint.variants.some(({ VariantName }) => VariantName === name)

async function admit(options: SageMakerOptions, roles: BothRoles, guard: Guard): Promise<Split> {
  const { stable } = bothNames(roles)
  const endpoint = await options.api.endpoint()
  if (!has(endpoint, stable)) {
    const serving = endpoint.variants.map(({ VariantName }) => VariantName)
    throw notServing(options.api.title, stable, serving)
  }
  return share(options, roles, { traffic: { weight: 0, mirror: 0 }, guard })
}

interface Share {
  readonly traffic: TrafficSetting
  readonly guard: Guard
}

function share(
  options: SageMakerOptions,
  roles: BothRoles,
  { traffic: { weight, mirror }, guard }: Share,
): Promise<Split> {
  const { stable, canary } = bothNames(roles)
  const weights = { [stable]: 100 - weight, [canary]: weight }
  if (mirror > 0) return copy(options, roles, { weight, mirror, guard })
  return guarded(options, roles, {
    guard,
    isDone: (now) =>
      now.shadows.length === 0 &&
      (has(now, canary) ? isShared(now, { stable, canary, weight }) : isResting(options, weight)),
    write: (now) =>
      has(now, canary)
        ? options.api.weigh(weights)
        : lay(options, now, { stable, canary, weight, mirror }),
  })
}

/** Where copies come first, a canary without users need not be there yet. */
function isResting({ shadow }: SageMakerOptions, weight: number): boolean {
  return shadow && weight === 0
}

interface Shared extends Both {
  readonly weight: number
}

/** Weights count by their ratio: a canary without users is so at any weight of stable. */
function isShared(endpoint: Endpoint, { stable, canary, weight }: Shared): boolean {
  if (isWeighed(endpoint, { [stable]: 100 - weight, [canary]: weight })) return true
  const own =
    endpoint.variants.find(({ VariantName }) => VariantName === stable)?.DesiredWeight ?? 0
  return weight === 0 && own > 0 && isWeighed(endpoint, { [stable]: own, [canary]: 0 })
}

function copy(
  options: SageMakerOptions,
  roles: BothRoles,
  { weight, mirror, guard }: TrafficSetting & { readonly guard: Guard },
): Promise<Split> {
  const { title } = options.api
  const { stable, canary } = bothNames(roles)
  if (weight > 0) throw noSharedShadow(title, `the canary is to have ${weight} % of them`)
  return guarded(options, roles, {
    guard,
    isDone: (now) => splitOf(options, now, { stable, canary }).mirror === mirror,
    write: async (now) => {
      const others = now.variants.filter(
        ({ VariantName }) => VariantName !== stable && VariantName !== canary,
      )
      if (others.length > 0) throw noSharedShadow(title, 'the endpoint has further variants')
      await lay(options, now, { stable, canary, weight, mirror })
    },
  })
}

/** Updates the endpoint to a configuration of ours with both versions, at these weights from the beginning. */
async function lay(
  options: SageMakerOptions,
  endpoint: Endpoint,
  layout: Both & TrafficSetting,
): Promise<void> {
  const config = await options.api.config(endpoint.config)
  const wanted = bothVariants(config, layout, madeOf(options, endpoint, layout))
  const before = await wayBack(options, endpoint.config)
  const name = await ensureConfig(options, wanted, { before, madeFor: 'rollout' })
  await options.api.update({ config: name, weights: 'of-config', counts: 'kept' })
}

function madeOf(options: SageMakerOptions, endpoint: Endpoint, names: Both): CanaryVariant {
  return {
    settings: options.canary,
    instances: instancesOf(endpoint, names),
    title: options.api.title,
  }
}

/**
 * First the weights, which is quick; then the old variant is taken out where we brought the new one in: its instances cost,
 * and the first weights of the configuration would give it its users back.
 */
async function promote(options: SageMakerOptions, roles: BothRoles, guard: Guard): Promise<Split> {
  const { stable, canary } = bothNames(roles)
  const { api } = options
  const endpoint = await api.endpoint()
  if (!has(endpoint, stable) || !has(endpoint, canary)) return takeOut(options, roles, guard)
  const all = await share(options, roles, { traffic: { weight: 100, mirror: 0 }, guard })
  const isOurs = (await api.origin(endpoint.config))?.madeFor === 'rollout'
  return isOurs ? takeOut(options, roles, all) : all
}

function takeOut(options: SageMakerOptions, roles: BothRoles, guard: Guard): Promise<Split> {
  const { stable, canary } = bothNames(roles)
  const { api } = options
  return guarded(options, roles, {
    guard,
    isDone: (now) => now.shadows.length === 0 && !has(now, stable) && has(now, canary),
    write: async (now) => {
      const made = madeOf(options, now, { stable, canary })
      const alone = canaryAlone(await api.config(now.config), { stable, canary }, made)
      const before = await wayBack(options, now.config)
      const name = await ensureConfig(options, alone, { before, madeFor: 'promotion' })
      await api.update({ config: name, weights: 'of-config', counts: 'kept' })
    },
  })
}
