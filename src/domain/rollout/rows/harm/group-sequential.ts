import {
  addStratum,
  type GroupSequentialLook,
  nextGroupSequentialLook,
  type StratifiedScore,
  stratifiedZ,
} from '../../../stats/group-sequential.js'
import type { HarmMethod } from '../../policy.js'
import type { HarmTest } from '../harm-test.js'

export interface GroupSequentialHarmState {
  readonly kind: 'group-sequential'
  readonly score: StratifiedScore
  /** null before the first interval with events. */
  readonly look: GroupSequentialLook | null
  /** ISO 8601: when the first interval began; null before it. */
  readonly began: string | null
}

type GroupSequentialSettings = Extract<HarmMethod, { readonly method: 'group-sequential' }> & {
  /** This test's own share. */
  readonly alpha: number
}

const NOTHING: GroupSequentialHarmState = {
  kind: 'group-sequential',
  score: { score: 0, variance: 0, skew: 0 },
  look: null,
  began: null,
}

/**
 * Harm by a stratified score test at group-sequential bounds, which spend alpha over a fixed horizon. What is looked at after the
 * horizon spends nothing and crosses nothing. Where intervals are noisy, z is scaled by their overdispersion.
 */
export function createGroupSequentialHarm(
  { alpha, spending, plannedMs }: GroupSequentialSettings,
  state: GroupSequentialHarmState = NOTHING,
): HarmTest {
  let { score, look, began } = state
  return {
    name: `stratified-group-sequential-${spending}`,
    update(counts, { startedAt, endedAt }) {
      began ??= startedAt
      score = addStratum(counts, score)
      const time = Math.min(1, (Date.parse(endedAt) - Date.parse(began)) / plannedMs)
      const information = score.variance
      if (time <= (look?.time ?? 0) || information <= (look?.information ?? 0)) return
      look = nextGroupSequentialLook({ alpha, spending }, { time, information }, look ?? undefined)
    },
    verdict({ isNoisy, phi }) {
      const z = stratifiedZ(score) / (isNoisy ? Math.sqrt(phi) : 1)
      const bound = look?.bound ?? Number.MAX_VALUE
      // A look after the horizon has no bound of its own.
      const isLooked = look !== null && look.information === score.variance
      return {
        logEValue: undefined,
        statistic: { name: 'z', value: z, bound, harmed: isLooked && z >= bound },
      }
    },
    get state() {
      return { kind: 'group-sequential' as const, score, look, began }
    },
  }
}
