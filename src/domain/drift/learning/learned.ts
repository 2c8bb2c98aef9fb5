import { normalQuantile } from '../../stats/special/normal.js'
import type { Resolution } from '../noise/noise.js'
import type { Sides } from '../predicate.js'

/** What chance alone makes of a measure at the sizes that are compared. */
export interface Chance {
  /** Its mean. */
  readonly centre: number
  /** Its standard deviation, about. */
  readonly spread: number
}

/** How a measure of one column varies from window to window, where nothing drifts. */
export interface LearnedMeasure {
  /** The median of what it is over the mean of chance. */
  readonly excess: number
  /** The standard deviation that it has beside chance's. */
  readonly spread: number
}

export interface LearnedColumn {
  readonly distance: (LearnedMeasure & { readonly name: string }) | null
  /** Of the changes of the shares of missing, infinite and new cells. */
  readonly nulls: LearnedMeasure | null
  readonly infinities: LearnedMeasure | null
  readonly fresh: LearnedMeasure | null
}

/** What the history of the reference says about thresholds; plain data, for threads and statements. */
export interface Learned {
  readonly windows: number
  /** The share of runs without drift that may report some. */
  readonly falseAlarms: number
  /** How many standard deviations over its excess any measure of any column may be. */
  readonly cutoff: number
  /** By name. */
  readonly columns: Readonly<Record<string, LearnedColumn>>
}

/** What was learned of a column. It may be called `constructor`. */
export function learnedColumn(
  learned: Learned | undefined,
  name: string,
): LearnedColumn | undefined {
  return learned && Object.hasOwn(learned.columns, name) ? learned.columns[name] : undefined
}

/** The limit of a measure at the sizes that are compared, in its own unit: four digits, rounded up. */
export function learnedLimit(measure: LearnedMeasure, cutoff: number, chance: Chance): number {
  const spread = Math.hypot(measure.spread, chance.spread)
  const limit = chance.centre + measure.excess + cutoff * spread
  if (!(limit > 0)) return 0
  const unit = 10 ** (Math.floor(Math.log10(limit)) - 3)
  return unit > 0 ? Number((Math.ceil(limit / unit) * unit).toPrecision(4)) : limit
}

export const NO_CHANCE: Chance = { centre: 0, spread: 0 }

/** The spread follows from the noise's upper quantile, as if it were normal; nothing known: none. */
export function chanceOf(resolution: Resolution | undefined, alpha: number): Chance {
  const quantile = normalQuantile(1 - alpha)
  if (resolution === undefined || !(quantile > 0)) return NO_CHANCE
  const { centre, floor } = resolution
  return { centre, spread: Math.max(0, floor - centre) / quantile }
}

/** Of the change of a share: of no cell at all the share is taken as that of half a cell. */
export function shareChance(cells: Sides, rows: Sides): Chance {
  if (rows.reference === 0 || rows.current === 0) return NO_CHANCE
  const share = (cells.reference + cells.current + 0.5) / (rows.reference + rows.current + 1)
  return { centre: 0, spread: spreadOf(share, rows) }
}

/**
 * Of the share of values of new categories: as many are to be expected as the reference has categories that occur once
 * (Good 1953, Biometrika 40:237-264).
 */
export function newChance(singles: number, values: Sides): Chance {
  if (values.reference === 0 || values.current === 0) return NO_CHANCE
  const share = (singles + 0.5) / (values.reference + 1)
  return { centre: singles / values.reference, spread: spreadOf(share, values) }
}

function spreadOf(share: number, { reference, current }: Sides): number {
  return Math.sqrt(share * (1 - share) * (1 / reference + 1 / current))
}
