import type { Endpoint } from './api.js'
import { isWeighed, type Names } from './endpoint.js'
import { variantIn, withInstances, withoutShadows } from './layout.js'
import { noWayBack } from './problems.js'
import { ensureConfig, forced, instancesOf, type SageMaker } from './writes.js'

const has = (endpoint: Endpoint, name: string) =>
  endpoint.variants.some(({ VariantName }) => VariantName === name)

/**
 * First the weights, as soon as SageMaker takes a change; then the configuration from before our rollout, by its name: the
 * canary's variant goes, and so does the configuration that anybody could apply again.
 */
export async function rollback(sagemaker: SageMaker, names: Names): Promise<Endpoint> {
  const { stable } = names
  const endpoint = await forced(sagemaker, {
    isDone: (now) => isAllOf(now, stable),
    write: (now) =>
      canBeWeighed(now, stable) ? weigh(sagemaker, now, names) : restore(sagemaker, now, names),
  })
  const origin = await sagemaker.api.origin(endpoint.config)
  if (origin?.madeFor === 'rollout') {
    return await forced(sagemaker, {
      isDone: (now) => isAllOf(now, stable) && now.config !== endpoint.config,
      write: (now) => restore(sagemaker, now, names),
    })
  }
  if (endpoint.shadows.length === 0) return endpoint
  return await forced(sagemaker, {
    isDone: (now) => isAllOf(now, stable) && now.shadows.length === 0,
    write: (now) => dropShadows(sagemaker, now),
  })
}

function isAllOf(endpoint: Endpoint, stable: string): boolean {
  const own =
    endpoint.variants.find(({ VariantName }) => VariantName === stable)?.DesiredWeight ?? 0
  return own > 0 && isWeighed(endpoint, { [stable]: own })
}

/** An update that has failed on its way back leaves a mixture, which only a configuration mends. */
function canBeWeighed(endpoint: Endpoint, stable: string): boolean {
  return has(endpoint, stable) && endpoint.status !== 'UpdateRollbackFailed'
}

function weigh({ api }: SageMaker, endpoint: Endpoint, { stable }: Names): Promise<void> {
  return api.weigh(
    Object.fromEntries(
      endpoint.variants.map(({ VariantName }) => [VariantName, VariantName === stable ? 100 : 0]),
    ),
  )
}

/** The configuration from before, with as many instances as users need now where stable is not there any more. */
async function restore(sagemaker: SageMaker, endpoint: Endpoint, names: Names): Promise<void> {
  const { api } = sagemaker
  const origin = await api.origin(endpoint.config)
  const isThere = has(endpoint, names.stable)
  const before = origin?.before ?? (isThere ? endpoint.config : undefined)
  if (before === undefined) throw noWayBack(api.title, names.stable)
  const config = await api.config(before)
  if (variantIn(config, names.stable) === undefined) throw noWayBack(api.title, names.stable)
  const serving = instancesOf(endpoint, { stable: names.canary ?? names.stable, canary: undefined })
  const wanted = isThere ? config : withInstances(config, names.stable, serving ?? 0)
  const name = wanted === config ? before : await ensureConfig(sagemaker, wanted, undefined)
  await api.update({ config: name, weights: 'kept', counts: 'kept' })
}

async function dropShadows(sagemaker: SageMaker, endpoint: Endpoint): Promise<void> {
  const config = withoutShadows(await sagemaker.api.config(endpoint.config))
  const name = await ensureConfig(sagemaker, config, undefined)
  await sagemaker.api.update({ config: name, weights: 'kept', counts: 'kept' })
}
