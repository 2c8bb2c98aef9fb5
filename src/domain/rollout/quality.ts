import type { QualityCounts } from './observation.js'
import { createRecent, type Recent } from './recent.js'

/** One answer of a version, as the target's prediction log has it. */
export interface Sample {
  readonly requestId: string
  readonly version: 'stable' | 'canary'
  /** True where this answer went to nobody: the request was mirrored. */
  readonly mirrored: boolean
  /** The prediction as text; undefined where the answer had none. */
  readonly prediction: string | undefined
  /** How long it took, where that is known. */
  readonly latencyMs?: number | undefined
}

/** The truth about one request, and the slices (`column=value`) that it belongs to. */
export interface Label {
  readonly label: string
  readonly slices: readonly string[]
}

export interface QualityJoin {
  /**
   * Takes the answers and the labels that arrived since the last call, and counts what can now be judged. A request
   * counts once a version, in the interval in which the later of answer and label arrived.
   */
  update(samples: readonly Sample[], labels: ReadonlyMap<string, Label>): readonly QualityCounts[]
  /** Answers still without a label. */
  readonly waiting: number
}

/** Answers that wait for their label; beyond that the oldest are given up. */
const MOST_WAITING = 200_000
/** So many are given up at once: one by one, each would look at all that were given up before. */
const AT_ONCE = 20_000
/** Judged answers that are remembered: for the pair's other half, and so that none counts twice. */
const MOST_JUDGED = 800_000

interface Judged extends Sample {
  readonly wrong: boolean
}

/**
 * Joins predictions with labels by request id. A request that both versions answered counts as a pair when one
 * of the answers was mirrored; answers to users count for their version. `slices` fixes which slices are counted.
 */
export function createQualityJoin(slices: readonly string[]): QualityJoin {
  const waiting = new Map<string, Sample>()
  const judged = createRecent<Judged>(MOST_JUDGED)
  return {
    update(samples, labels) {
      for (const sample of samples) enqueue(sample, waiting, judged)
      const tallies = new Map<string | undefined, Tally>()
      for (const slice of [undefined, ...slices]) tallies.set(slice, emptyTally())
      for (const [key, sample] of waiting) {
        const label = labels.get(sample.requestId)
        if (label === undefined) continue
        waiting.delete(key)
        judge(sample, label, { judged, tallies })
      }
      return [...tallies].map(([slice, tally]) => toCounts(slice, tally))
    },
    get waiting() {
      return waiting.size
    },
  }
}

interface Bench {
  readonly judged: Recent<Judged>
  readonly tallies: ReadonlyMap<string | undefined, Tally>
}

function judge(sample: Sample, label: Label, { judged, tallies }: Bench): void {
  const answer = { ...sample, wrong: sample.prediction !== label.label }
  const other = judged.get(keyOf(sample.version === 'canary' ? 'stable' : 'canary', sample))
  judged.set(keyOf(sample.version, sample), answer)
  for (const tally of talliesOf(label, tallies)) count(tally, answer, other)
}

function keyOf(version: Sample['version'], { requestId }: Sample): string {
  return `${version}:${requestId}`
}

function enqueue(sample: Sample, waiting: Map<string, Sample>, judged: Recent<Judged>): void {
  const key = keyOf(sample.version, sample)
  if (waiting.has(key) || judged.get(key) !== undefined) return
  waiting.set(key, sample)
  if (waiting.size < MOST_WAITING + AT_ONCE) return
  let left = AT_ONCE
  for (const oldest of waiting.keys()) {
    waiting.delete(oldest)
    left -= 1
    if (left === 0) return
  }
}

function talliesOf(label: Label, tallies: ReadonlyMap<string | undefined, Tally>): Tally[] {
  return [undefined, ...new Set(label.slices)].flatMap((slice) => tallies.get(slice) ?? [])
}

interface Tally {
  readonly canary: { n: number; events: number }
  readonly stable: { n: number; events: number }
  readonly pairs: { canaryOnly: number; stableOnly: number }
}

function emptyTally(): Tally {
  return {
    canary: { n: 0, events: 0 },
    stable: { n: 0, events: 0 },
    pairs: { canaryOnly: 0, stableOnly: 0 },
  }
}

function count(tally: Tally, judged: Judged, other: Judged | undefined): void {
  if (!judged.mirrored) {
    tally[judged.version].n += 1
    if (judged.wrong) tally[judged.version].events += 1
  }
  if (other !== undefined) countPair(tally, judged, other)
}

function countPair(tally: Tally, one: Judged, other: Judged): void {
  if (one.version === other.version || one.wrong === other.wrong) return
  if (!one.mirrored && !other.mirrored) return
  const wrong = one.wrong ? one.version : other.version
  if (wrong === 'canary') tally.pairs.canaryOnly += 1
  else tally.pairs.stableOnly += 1
}

function toCounts(slice: string | undefined, { canary, stable, pairs }: Tally): QualityCounts {
  return { slice, counts: { canary, stable }, pairs }
}
