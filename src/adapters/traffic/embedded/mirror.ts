import type { Agent, IncomingMessage } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Answer, MOST_ANSWER_BYTES, parseJson, sameAnswer } from './answers.js'
import type { Role } from './choose.js'
import type { CounterBook } from './counters.js'
import { forwardedHeaders, type RequestBody } from './exchange.js'
import { isPrediction, PROBE_HEADER, predictionOf, requestId } from './prediction.js'
import type { PredictionLog } from './prediction-log.js'
import type { RouterConfig, Traffic } from './protocol.js'
import { send } from './upstream.js'

export interface MirrorOffer {
  readonly traffic: Traffic
  /** The version that answers the user: the other one gets the copy. */
  readonly role: Role
  readonly incoming: IncomingMessage
  readonly body: RequestBody
}

export interface MirrorLane {
  /**
   * Perhaps sends a copy, and returns at once; what it returns is to be called with the answer that the user got
   * (undefined: none), and never waits.
   */
  offer(offer: MirrorOffer): (answer: Answer | undefined) => void
}

export interface MirrorParts {
  readonly config: RouterConfig
  readonly counters: CounterBook
  readonly log: PredictionLog
  readonly agent: Agent
  readonly random: () => number
}

const MIRRORED_METHODS = new Set(['GET', 'POST'])
const NOTHING = () => {}

/** Copies of requests for the version that does not answer: a bounded number at a time, the rest is discarded. */
export function createMirror(parts: MirrorParts): MirrorLane {
  let underWay = 0
  return {
    offer(offer) {
      const { traffic, incoming, body } = offer
      if (traffic.mirror === 0 || parts.random() * 100 >= traffic.mirror) return NOTHING
      if (!MIRRORED_METHODS.has(incoming.method ?? '')) return NOTHING
      if (underWay >= parts.config.mirrorConcurrency || !Buffer.isBuffer(body)) {
        parts.counters.mirror.discarded += 1
        return NOTHING
      }
      underWay += 1
      let settle: (answer: Answer | undefined) => void = NOTHING
      const primary = new Promise<Answer | undefined>((resolve) => (settle = resolve))
      // The user's own request goes first.
      void nextTurn()
        .then(() => copy(parts, offer, body))
        .then(async (shadow) => compare(parts, offer, { shadow, primary: await primary }))
        .finally(() => (underWay -= 1))
      return settle
    },
  }
}

/** Asks the other version; a failure of any kind is an answer of status 599 without a body. */
async function copy(parts: MirrorParts, offer: MirrorOffer, body: Buffer): Promise<Answer> {
  const { traffic, role, incoming } = offer
  const backend = role === 'canary' ? traffic.stable : (traffic.canary ?? traffic.stable)
  const started = performance.now()
  let limit: NodeJS.Timeout | undefined
  try {
    const upstream = await send({
      agent: parts.agent,
      base: backend.url,
      path: incoming.url ?? '/',
      method: incoming.method ?? 'GET',
      headers: { ...forwardedHeaders(incoming), 'x-modelway-mirror': 'true' },
      body,
      timeoutMs: parts.config.mirrorTimeoutMs,
      onCancel: (cancel) => {
        limit = setTimeout(cancel, parts.config.mirrorTimeoutMs)
      },
    })
    const answer = await readAnswer(upstream)
    const ms = performance.now() - started
    if (isPrediction(incoming) && incoming.headers[PROBE_HEADER] === undefined) {
      const id = requestId(incoming, answer.body, body)
      const { version } = backend
      parts.log.add(predictionOf({ ...answer, id, version, mirrored: true, ms }))
    }
    return { ...answer, ms }
  } catch {
    // A mirror that fails costs the user nothing; it is counted by `compare`.
    return { status: 599, body: undefined }
  } finally {
    clearTimeout(limit)
  }
}

async function readAnswer(upstream: IncomingMessage): Promise<Answer> {
  const kept: Buffer[] = []
  let bytes = 0
  for await (const chunk of upstream) {
    bytes += chunk.length
    if (bytes <= MOST_ANSWER_BYTES) kept.push(chunk)
    else kept.length = 0
  }
  const body = parseJson(kept, upstream.headers['content-type'])
  return { status: upstream.statusCode ?? 599, body }
}

type Compared = Pick<MirrorOffer, 'role' | 'traffic'>

interface Pair {
  readonly shadow: Answer
  readonly primary: Answer | undefined
}

/** Errors of one side are counted as such; agreement is about answers, so both must be there. */
function compare(parts: MirrorParts, { role, traffic }: Compared, { shadow, primary }: Pair): void {
  if (primary === undefined) return
  const tally = parts.counters.mirror
  const [canary, stable] = role === 'canary' ? [primary, shadow] : [shadow, primary]
  const canaryFailed = canary.status >= 500
  const stableFailed = stable.status >= 500
  if (canaryFailed && !stableFailed) tally.canaryOnlyErrors += 1
  if (stableFailed && !canaryFailed) tally.stableOnlyErrors += 1
  if (canaryFailed || stableFailed) return
  if (traffic.slowMs !== undefined) countSlow(tally, { canary, stable }, traffic.slowMs)
  if (sameAnswer(canary, stable, parts.config)) tally.agree += 1
  else tally.disagree += 1
}

interface Times {
  readonly canary: Answer
  readonly stable: Answer
}

/** Requests of which one version alone was slower than the bound. */
function countSlow(tally: CounterBook['mirror'], { canary, stable }: Times, slowMs: number): void {
  if (canary.ms === undefined || stable.ms === undefined) return
  const isCanarySlow = canary.ms > slowMs
  if (isCanarySlow === stable.ms > slowMs) return
  const of = isCanarySlow ? 'canaryOnlySlow' : 'stableOnlySlow'
  tally[of] = (tally[of] ?? 0) + 1
}
