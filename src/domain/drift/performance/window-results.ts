import type { MetricData } from '../../metrics/data.js'
import type { RandomSource } from '../../stats/random.js'
import { labelOf } from '../label.js'
import { type Calibration, probabilitiesOf } from './calibration.js'
import { estimatedValue, type TrustCheck } from './estimate.js'
import { judgeValues } from './judge-values.js'
import type { Labelled } from './labelled.js'
import { type AskedMetric, valuedOf } from './realised.js'
import type { Judgement, Valued, WindowResult } from './result.js'
import type { WindowName } from './settings.js'

/** One window's rows as they are judged. */
export interface ReadWindow {
  readonly name: WindowName
  readonly labelled: Labelled
  /** Rows with predictions and scores. */
  readonly predicted: MetricData
}

interface WindowAsk {
  readonly asked: readonly AskedMetric[]
  /** By metric: the reference's value, and the check of the estimate. */
  readonly references: readonly (Valued | null)[]
  readonly checks: readonly (TrustCheck | undefined)[]
  readonly calibration: Calibration | undefined
  readonly shift: (current: MetricData) => number
  readonly confidence: number
  readonly random: RandomSource
}

/** A metric's value in a window, from labels and from scores. */
interface WindowValues {
  readonly realised: Valued | null
  readonly estimated: Valued | null
}

/** Every metric in a window, from labels and from scores, against the reference. `known` are values that were computed before. */
export function windowResult(
  ask: WindowAsk,
  window: ReadWindow,
  known: readonly WindowValues[] = valuesIn(ask, window),
): WindowResult {
  const { name, labelled } = window
  return {
    label: labelOf(name.label),
    start: name.start ?? null,
    end: name.end ?? null,
    rows: labelled.rows,
    labelled: labelled.labelled,
    metrics: ask.asked.map((asked, at) => {
      const values = known[at] ?? { realised: null, estimated: null }
      const trusted = ask.checks[at]?.trust === 'trusted'
      const judged = judgeWindow(asked, values, { reference: ask.references[at] ?? null, trusted })
      return { name: asked.metric.name, ...values, ...judged }
    }),
  }
}

function judgeWindow(
  asked: AskedMetric,
  { realised, estimated }: WindowValues,
  against: { readonly reference: Valued | null; readonly trusted: boolean },
): Judgement {
  const judged = judgeValues(asked, realised, against.reference)
  if (judged.status !== 'inconclusive' || estimated === null || !against.trusted) return judged
  const { status, reason } = judgeValues(asked, estimated, against.reference)
  return { status, reason: `estimated ${reason}` }
}

function valuesIn(ask: WindowAsk, { labelled, predicted }: ReadWindow): WindowValues[] {
  const { calibration, confidence, random } = ask
  const current = predicted.n === 0 ? undefined : predicted
  const probabilities = current && probabilitiesOf(current, calibration)
  const shift = current === undefined ? 1 : ask.shift(current)
  return ask.asked.map((asked, at) => {
    const check = ask.checks[at]
    const realised =
      labelled.data.n === 0 ? null : valuedOf(labelled, asked, { level: confidence, random })
    if (current === undefined || probabilities === undefined || check === undefined) {
      return { realised, estimated: null }
    }
    const { valued } = estimatedValue({ asked, current, probabilities, confidence, shift }, check)
    return { realised, estimated: valued }
  })
}
