import { createHash } from 'node:crypto'
import type { SageMakerTarget } from '../../../config/deploy/sagemaker.js'
import type { Origin } from './api.js'
import { notCopied } from './problems.js'

type Loose = Readonly<Record<string, unknown>>

interface ConfigVariant extends Loose {
  readonly VariantName: string
}

/** What CreateEndpointConfig takes, but for the name. */
export interface EndpointConfig extends Loose {
  readonly ProductionVariants: readonly ConfigVariant[]
  readonly ShadowProductionVariants?: unknown
}

/** How the two versions stand in a configuration. */
export interface Layout {
  readonly stable: string
  readonly canary: string
  /** Percent of users, and percent of requests that are copied. */
  readonly weight: number
  readonly mirror: number
}

export interface CanaryVariant {
  readonly settings: SageMakerTarget['canary']
  /** How many instances stable has now. */
  readonly instances: number | undefined
  /** For messages. */
  readonly title: string
}

/** Both versions as production variants, or the canary as the shadow of stable where requests are copied. */
export function bothVariants(
  config: EndpointConfig,
  { stable, canary, weight, mirror }: Layout,
  made: CanaryVariant,
): EndpointConfig {
  const old = variantIn(config, stable)
  const known = variantIn(config, canary) ?? shadowIn(config, canary)
  const fresh = known ?? copied(old, canary, made)
  const rest = withoutShadows(config)
  if (mirror > 0) {
    // The copied share is the shadow's weight over the sum of the production variants' weights.
    return {
      ...rest,
      ProductionVariants: [{ ...old, VariantName: stable, InitialVariantWeight: 1 }],
      ShadowProductionVariants: [{ ...fresh, InitialVariantWeight: mirror / 100 }],
    }
  }
  return {
    ...rest,
    ProductionVariants: [
      ...others(config, [stable, canary]),
      { ...old, VariantName: stable, InitialVariantWeight: 100 - weight },
      { ...fresh, InitialVariantWeight: weight },
    ],
  }
}

/** Without stable: all users meet the canary, whose variant is a copy of stable's where it is new. */
export function canaryAlone(
  config: EndpointConfig,
  { stable, canary }: Pick<Layout, 'stable' | 'canary'>,
  made: CanaryVariant,
): EndpointConfig {
  const known = variantIn(config, canary) ?? shadowIn(config, canary)
  const fresh = known ?? copied(variantIn(config, stable), canary, made)
  const variants = [...others(config, [stable, canary]), { ...fresh, InitialVariantWeight: 1 }]
  return { ...withoutShadows(config), ProductionVariants: variants }
}

export function withoutShadows(config: EndpointConfig): EndpointConfig {
  const { ShadowProductionVariants: _shadows, ...rest } = config
  return rest
}

/** Variants that only those meet who name them: they stay as they are, without other users. */
function others(config: EndpointConfig, names: readonly string[]): readonly ConfigVariant[] {
  return config.ProductionVariants.filter(({ VariantName }) => !names.includes(VariantName)).map(
    (variant) => ({ ...variant, InitialVariantWeight: 0 }),
  )
}

/** The same configuration with at least so many instances of a variant: what was scaled out is needed on the way back too. */
export function withInstances(
  config: EndpointConfig,
  name: string,
  instances: number,
): EndpointConfig {
  const variants = config.ProductionVariants.map((variant) => {
    const count = variant['InitialInstanceCount']
    if (variant.VariantName !== name || typeof count !== 'number' || count >= instances) {
      return variant
    }
    return { ...variant, InitialInstanceCount: instances }
  })
  return { ...config, ProductionVariants: variants }
}

export function variantIn(config: EndpointConfig, name: string): ConfigVariant | undefined {
  return config.ProductionVariants.find(({ VariantName }) => VariantName === name)
}

function shadowIn(config: EndpointConfig, name: string): ConfigVariant | undefined {
  const { ShadowProductionVariants: shadows } = config
  return Array.isArray(shadows)
    ? shadows.find((one: ConfigVariant) => one.VariantName === name)
    : undefined
}

function copied(
  old: ConfigVariant | undefined,
  name: string,
  { settings, instances, title }: CanaryVariant,
): ConfigVariant {
  if (old === undefined) throw notCopied(title, "stable's variant is not in the configuration")
  if (typeof old['ModelName'] !== 'string') {
    throw notCopied(title, "stable's variant names no model (it holds inference components)")
  }
  if (old['InstancePools'] !== undefined && old['InstancePools'] !== null) {
    throw notCopied(title, "stable's variant has pools of instances, which may name other models")
  }
  const { 'instance-type': type, model = name } = settings
  const counted = old['InitialInstanceCount']
  const count =
    typeof counted === 'number' ? (settings.instances ?? instances ?? counted) : undefined
  return {
    ...old,
    VariantName: name,
    ModelName: model,
    ...(type === undefined ? {} : { InstanceType: type }),
    ...(count === undefined ? {} : { InitialInstanceCount: Math.max(1, count) }),
  }
}

/** The same content has the same name, so that whoever comes after a crash makes no second one. */
export function nameOfConfig(
  endpoint: string,
  config: EndpointConfig,
  origin: Origin | undefined,
): string {
  const content = JSON.stringify([sorted(config), sorted(origin ?? null)])
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16)
  return `${endpoint.slice(0, 37)}-modelway-${digest}`
}

/** Whether a configuration's name is one of ours: others have no tags that need to be read. */
export function isNamedByUs(config: string): boolean {
  return /-modelway-[0-9a-f]{16}$/.test(config)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  )
}
