import type { DriftSection } from '../../config/drift.js'
import type { JobContext } from '../../runtime/job.js'
import { inputOf, type JudgedSides } from './extras-input.js'
import { healthOf } from './health.js'
import type { Extras } from './judged.js'
import { multivariateOf } from './multivariate.js'
import { performanceOf } from './performance.js'

/**
 * All columns together, predictions and performance, and health: each only where the settings ask for it, and loaded only then, since
 * loading is most of what a small table costs.
 */
export async function extrasOf(
  context: JobContext<DriftSection>,
  sides: JudgedSides,
): Promise<Extras> {
  const input = inputOf(sides)
  return {
    multivariate: await multivariateOf(context, input),
    performance: await performanceOf(context, input),
    health: await healthOf(context, input),
  }
}

/** Where there is no row to judge: how old the newest is, of which that is the reason. */
export async function freshnessOf(
  context: JobContext<DriftSection>,
  sides: JudgedSides,
): Promise<Extras> {
  const { freshness } = context.settings.health
  if (freshness === undefined) return {}
  const settings = { ...context.settings, health: { freshness } }
  return { health: await healthOf({ ...context, settings }, inputOf(sides)) }
}
