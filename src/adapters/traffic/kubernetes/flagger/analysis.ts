import { at, isJson, type Json, numberAt, objectsAt, textAt } from '../json.js'

const DEFAULT_INTERVAL_MS = 60_000
const ALL = 100
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `canaryAnalysis` is its name of old. */
function analysisOf(canary: Json): Json {
  const found = [at(canary, 'spec', 'analysis'), at(canary, 'spec', 'canaryAnalysis')].find(isJson)
  return found ?? {}
}

/** What says that a Canary divides by iterations, not by weights; undefined where it divides by weights. */
export function otherThanWeights(canary: Json): string | undefined {
  const analysis = analysisOf(canary)
  const kind = textAt(canary, 'spec', 'targetRef', 'kind')
  if (kind !== 'Deployment') return `its target is a ${kind ?? 'thing without a kind'}`
  if ((numberAt(analysis, 'iterations') ?? 0) === 0) return undefined
  return objectsAt(analysis, 'match').length > 0
    ? 'it divides by headers (A/B testing)'
    : 'it switches all users at once (blue/green)'
}

/** The weights that Flagger itself comes by, percent, ascending. */
export function weightsOf(canary: Json): readonly number[] {
  const analysis = analysisOf(canary)
  const step = numberAt(analysis, 'stepWeight') ?? 0
  const list = at(analysis, 'stepWeights')
  const given = Array.isArray(list) ? list.filter((each) => typeof each === 'number') : []
  // With both, the steps are even and the list says where they end.
  const last = given.at(-1) ?? numberAt(analysis, 'maxWeight') ?? 0
  const most = last > 0 ? Math.min(ALL, last) : ALL
  if (step <= 0) return given.map((weight) => Math.min(ALL, weight))
  const count = Math.ceil(most / step)
  return Array.from({ length: count }, (_, index) => Math.min(ALL, (index + 1) * step))
}

/** How many failed checks take a Canary back. */
export function thresholdOf(canary: Json): number {
  const threshold = numberAt(analysisOf(canary), 'threshold') ?? 0
  return threshold > 0 ? threshold : 1
}

/** How often Flagger takes a step. Milliseconds; a minute where it is not said in words that are known. */
export function intervalOf(canary: Json): number {
  const text = textAt(analysisOf(canary), 'interval') ?? ''
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    return DEFAULT_INTERVAL_MS
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0)
}
