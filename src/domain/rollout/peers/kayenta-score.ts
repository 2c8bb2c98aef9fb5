import { classifyKayentaMetric, type KayentaClassification, type KayentaMetric } from './kayenta.js'

export interface KayentaJudgeInput {
  readonly metrics: readonly KayentaMetric[]
  /** Percent a group; groups without one share what is left of 100. */
  readonly groupWeights?: Readonly<Record<string, number>> | undefined
  /** Score from which on the canary passes, and from which on it is at least marginal. */
  readonly pass: number
  readonly marginal: number
}

export interface KayentaJudgement {
  readonly score: number
  readonly classification: 'Pass' | 'Marginal' | 'Fail'
  readonly reason: string | undefined
  readonly groups: readonly { readonly name: string; readonly score: number }[]
  readonly metrics: readonly KayentaClassification[]
}

/** From this share of metrics without data on, Kayenta fails the canary. */
const NODATA_SHARE = 0.5

/** NetflixACAJudge on all metrics: classes, group scores, their weighted sum, and what the thresholds make of it. */
export function judgeByKayenta(input: KayentaJudgeInput): KayentaJudgement {
  const metrics = input.metrics.map((metric) => classifyKayentaMetric(metric))
  const counted = input.metrics.flatMap((metric, i) => {
    const result = metrics[i]
    return metric.muted === true || result === undefined
      ? []
      : [{ result, groups: metric.groups ?? [] }]
  })
  const { groups, score, reason } = scoreByKayenta(counted, input.groupWeights ?? {})
  const classification =
    score >= input.pass ? 'Pass' : score >= input.marginal ? 'Marginal' : 'Fail'
  return { score, classification, reason, groups, metrics }
}

interface Counted {
  readonly result: Pick<KayentaClassification, 'name' | 'class' | 'critical'>
  readonly groups: readonly string[]
}

/** The weighted sum of group scores, to two decimals; 0 on a critical failure and where half of the metrics have no data. */
export function scoreByKayenta(
  counted: readonly Counted[],
  groupWeights: Readonly<Record<string, number>>,
) {
  const groups = groupScores(counted)
  const failed = counted.find(({ result }) => result.critical && result.class !== 'Pass')
  if (failed !== undefined) {
    return {
      groups,
      score: 0,
      reason: `critical metric ${failed.result.name}: ${failed.result.class}`,
    }
  }
  const empty = counted.filter(({ result }) => result.class === 'Nodata').length
  if (empty >= NODATA_SHARE * counted.length) {
    return { groups, score: 0, reason: '50% or more of the metrics have no data' }
  }
  return { groups, score: weightedSum(groups, groupWeights), reason: undefined }
}

interface GroupScore {
  readonly name: string
  readonly score: number
  readonly noData: boolean
}

function groupScores(counted: readonly Counted[]): GroupScore[] {
  const names = new Set(counted.flatMap(({ groups }) => groups))
  return [...names].map((name) => {
    const classes = counted.filter(({ groups }) => groups.includes(name))
    const judged = classes.filter(({ result }) => result.class !== 'Nodata').length
    const passed = classes.filter(({ result }) => result.class === 'Pass').length
    return { name, score: judged === 0 ? 0 : (100 * passed) / judged, noData: judged === 0 }
  })
}

/** A group without any data counts as if it had passed, as it does in Kayenta. */
function weightedSum(
  groups: readonly GroupScore[],
  weights: Readonly<Record<string, number>>,
): number {
  const given = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  const weightOf = (name: string) => (Object.hasOwn(weights, name) ? weights[name] : undefined)
  const without = groups.filter(({ name }) => weightOf(name) === undefined).length
  const shared = without === 0 ? 0 : (100 - given) / without
  let sum = 0
  for (const { name, score, noData } of groups) {
    sum += ((noData ? 100 : score) * (weightOf(name) ?? shared)) / 100
  }
  return Math.round(sum * 100) / 100
}
