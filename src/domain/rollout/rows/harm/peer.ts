import type { Statistic } from '../../evidence.js'
import { assessArgoMetric } from '../../peers/argo.js'
import { flaggerCheckFails, flaggerRollsBack } from '../../peers/flagger.js'
import { classifyKayentaMetric } from '../../peers/kayenta.js'
import type { HarmMethod } from '../../policy.js'
import type { HarmTest } from '../harm-test.js'

/** The rates of each interval, for the judges that look at single values; the oldest are dropped beyond `MOST`. */
export interface PeerHarmState {
  readonly kind: 'peer'
  readonly canary: readonly number[]
  readonly stable: readonly number[]
}

export type PeerMetric = Extract<HarmMethod, { readonly method: 'kayenta' | 'threshold' }> & {
  readonly metric: string
}

/** A day of minutes. */
const MOST = 1440

/** Kayenta's judge, and Argo's and Flagger's thresholds, for those who come from there: they may roll back, and never promote. */
export function createPeerHarm(metric: PeerMetric, state?: PeerHarmState): HarmTest {
  const canary = [...(state?.canary ?? [])]
  const stable = [...(state?.stable ?? [])]
  const keep = (
    rates: number[],
    { n, events }: { readonly n: number; readonly events: number },
  ) => {
    // An interval without requests has no rate: these judges leave it out.
    if (n === 0) return
    rates.push(events / n)
    if (rates.length > MOST) rates.shift()
  }
  return {
    name: metric.method === 'kayenta' ? 'kayenta-judge' : `${metric.rule}-threshold`,
    update(counts) {
      keep(canary, counts.canary)
      keep(stable, counts.stable)
    },
    verdict: () => ({ logEValue: undefined, statistic: statisticOf(metric, { canary, stable }) }),
    get state() {
      return { kind: 'peer' as const, canary: [...canary], stable: [...stable] }
    },
  }
}

type Rates = Pick<PeerHarmState, 'canary' | 'stable'>

function statisticOf(metric: PeerMetric, { canary, stable }: Rates): Statistic {
  if (metric.method === 'kayenta') {
    const judged = classifyKayentaMetric({
      name: metric.metric,
      direction: 'increase',
      nanStrategy: 'remove',
      experiment: canary,
      control: stable,
    })
    const harmed = judged.class === 'High'
    return { name: 'class', value: harmed ? 1 : 0, bound: 1, harmed }
  }
  const failed = canary.filter((rate) => flaggerCheckFails(rate, { max: metric.maxRate })).length
  const bound = metric.rule === 'argo' ? metric.failures + 1 : metric.failures
  const harmed =
    metric.rule === 'argo'
      ? assessArgoMetric(
          { failureLimit: metric.failures },
          canary.map((rate) => (rate > metric.maxRate ? 'Failed' : 'Successful')),
        ) === 'Failed'
      : flaggerRollsBack(failed, metric.failures)
  return { name: 'failed-checks', value: failed, bound, harmed }
}
