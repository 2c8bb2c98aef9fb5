import {
  createPairs,
  type PairComparison,
  type Pairs,
} from '../../../domain/rollout/compared-answers.js'
import { isObject } from '../../../domain/serving/outputs.js'
import { ExternalError } from '../../../errors.js'
import type { Signals, Stretch } from '../../../ports/signals.js'
import type { ReadLine } from './payload.js'
import type { LogSource, Sink } from './source.js'
import { createTally, type Tally } from './tally.js'
import { roleOf } from './versions.js'

export interface PredictionSignalsOptions {
  readonly source: LogSource
  readonly readLine: ReadLine
  readonly match: 'exact' | 'prefix'
  readonly lagMs: number
  readonly skewMs: number
  /** Upper bounds of the latency buckets, ascending. */
  readonly bounds: readonly number[]
  /** Whether it must say how long answers took: somebody looks at that, and nothing else counts it. */
  readonly needsTimes: boolean
  readonly countsRejected: boolean
  readonly comparison: PairComparison
}

interface Session extends PredictionSignalsOptions {
  isMarked: boolean
  /** Whether the log has ever named one of the versions. */
  hasSeen: boolean
  /** Whether it has ever said how long one took. */
  hasTimes: boolean
  /** Where the last stretch ended. */
  end: number | undefined
  notBefore: number
  pairs: Pairs
  /** What was read of a stretch that then failed: nothing is read twice. */
  begun: { readonly names: string; readonly from: number; readonly tally: Tally } | undefined
}

/**
 * What users met, by a log of single predictions. A record counts once: in the stretch in which it is first seen, whatever its date,
 * unless it is dated before the weights were set. Where a stretch does not begin where the last one ended, its beginning is taken
 * for that.
 */
export function createPredictionSignals(options: PredictionSignalsOptions): Signals {
  const { source, lagMs, comparison } = options
  const session: Session = {
    ...options,
    isMarked: false,
    hasSeen: false,
    hasTimes: false,
    end: undefined,
    notBefore: 0,
    pairs: createPairs(comparison),
    begun: undefined,
  }
  return {
    name: source.name,
    lagMs,
    mark: async () => {
      await source.mark()
      session.isMarked = true
      session.end = undefined
      session.begun = undefined
    },
    between: (stretch) => between(session, stretch),
  }
}

async function between(session: Session, stretch: Stretch) {
  const { source, readLine } = session
  const tally = tallyFor(session, stretch)
  const sink: Sink = {
    record: (fields, writtenAt) => take(fields, { writtenAt, readLine, tally }),
    bad: () => tally.addBad(),
  }
  const warnings = await source.read(sink, session.notBefore)
  session.begun = undefined
  session.end = stretch.to
  session.isMarked = true
  if (warnings === undefined) return undefined
  const { ours, others, bad, answers, timed } = tally.seen
  session.hasSeen ||= ours > 0
  session.hasTimes ||= timed > 0
  if (session.needsTimes && !session.hasTimes && answers > 0) throw untimed(source)
  // A log of others too may be silent for a while; one that never names ours is the wrong one.
  if (!session.hasSeen && others + bad > 0) throw foreign(source, stretch, tally)
  return tally.gained(warnings)
}

/** A retry of a stretch that failed half-way goes on with what was counted. */
function tallyFor(session: Session, stretch: Stretch): Tally {
  const { stable, canary, from, to } = stretch
  const { begun, end } = session
  const names = JSON.stringify([stable, canary])
  const goesOn = end !== undefined && from <= end
  if (begun?.names === names && (goesOn || begun.from === from)) return begun.tally
  if (!goesOn) {
    session.notBefore = from - session.skewMs
    session.pairs = createPairs(session.comparison)
  }
  const tally = createTally({
    roleOf: roleOf(stretch, session.match),
    notBefore: session.notBefore,
    takesUndated: session.isMarked,
    notAfter: to + session.lagMs + session.skewMs,
    bounds: session.bounds,
    countsRejected: session.countsRejected,
    pairs: session.pairs,
    copiesOnly: stretch.copiesOnly,
  })
  session.begun = { names, from, tally }
  return tally
}

/** One record, or a list of them, as batches are written. */
function take(fields: unknown, taking: Taking): void {
  if (!Array.isArray(fields)) {
    takeOne(fields, taking)
    return
  }
  for (const one of fields) takeOne(one, taking)
}

interface Taking {
  readonly writtenAt: number | undefined
  readonly readLine: ReadLine
  readonly tally: Tally
}

function takeOne(fields: unknown, { writtenAt, readLine, tally }: Taking): void {
  const record = isObject(fields) ? readLine(fields) : undefined
  if (record === 'nothing') return
  if (record === undefined) tally.addBad()
  else if (record.time !== undefined || writtenAt === undefined) tally.add(record)
  else tally.add({ ...record, time: writtenAt })
}

/** Without a time none would be slow. */
function untimed({ name }: LogSource): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-329',
    service: name,
    what: 'does not say how long any answer took, which the metric latency looks at: name the column with deploy.signals.predictions.columns.latency; in payload logs the questions are needed too.',
    retryable: true,
  })
}

function foreign({ name }: LogSource, { stable, canary }: Stretch, { seen }: Tally): ExternalError {
  const found = [...seen.names].map((text) => JSON.stringify(text)).join(', ')
  const read =
    found === '' ? `${seen.bad} records, none of which can be read` : `records of ${found}`
  return new ExternalError({
    code: 'MW-DEPLOY-310',
    service: name,
    what: `holds ${read}, and none of ${JSON.stringify(stable)} or ${JSON.stringify(canary)}: name the column of the version with deploy.signals.predictions.columns.version, and the versions as it has them with deploy.backends.<role>.name.`,
    retryable: true,
  })
}
