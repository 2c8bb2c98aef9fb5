import type { IntervalCounts } from '../../stats/interval-counts.js'
import type { Levels, Noise, Statistic } from '../evidence.js'
import type { Interval } from '../observation.js'
import type { RatioMetric } from '../policy.js'
import {
  createGroupSequentialHarm,
  type GroupSequentialHarmState,
} from './harm/group-sequential.js'
import { createMixtureHarm, type MixtureHarmState } from './harm/mixture.js'
import { createPeerHarm, type PeerHarmState } from './harm/peer.js'

/** What a test for harm says: by an e-value, or by a statistic of its own. */
export interface HarmVerdict {
  /** Log e-value; undefined where the test has none. */
  readonly logEValue: number | undefined
  readonly statistic?: Statistic
}

export interface HarmTest {
  update(counts: IntervalCounts, interval: Interval): void
  verdict(noise: Noise): HarmVerdict
  readonly name: string
  readonly state: HarmState
}

export type HarmState = MixtureHarmState | GroupSequentialHarmState | PeerHarmState

/** The test for harm that the metric names. Throws RangeError on a state of another test. */
export function createHarmTest(
  metric: RatioMetric,
  levels: Levels,
  state: HarmState | undefined,
): HarmTest {
  switch (metric.method) {
    case 'e-process':
    case 'normal-mixture': {
      const { method, tolerance } = metric
      return createMixtureHarm({ method, tolerance }, stateOf(state, 'mixture'))
    }
    case 'group-sequential': {
      const settings = { ...metric, alpha: 1 / levels.rollbackAt }
      return createGroupSequentialHarm(settings, stateOf(state, 'group-sequential'))
    }
    case 'kayenta':
    case 'threshold':
      return createPeerHarm(metric, stateOf(state, 'peer'))
  }
}

function stateOf<Kind extends HarmState['kind']>(
  state: HarmState | undefined,
  kind: Kind,
): Extract<HarmState, { readonly kind: Kind }> | undefined {
  if (state === undefined) return undefined
  if (state.kind === kind) return state as Extract<HarmState, { readonly kind: Kind }>
  throw new RangeError(`the state of a ${kind} test was expected, not of ${state.kind}`)
}
