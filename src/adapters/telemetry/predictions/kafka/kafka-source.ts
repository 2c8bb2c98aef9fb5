import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, Batch, Consumer, Kafka } from 'kafkajs'
import type { KafkaPlace } from '../../../../config/deploy/predictions.js'
import { CancelledError } from '../../../../errors.js'
import type { LogSource, Sink } from '../source.js'
import { connectKafka, kafkaFailure } from './connect.js'
import { takeMessage } from './message.js'

export interface KafkaSourceOptions {
  readonly place: KafkaPlace
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** So long without a message, what is left is no messages: marks of transactions, say. */
const IDLE_MS = 3000
const FETCH_MS = 500
const SESSION_MS = 30_000
const LOOK_MS = 20
const JOIN_MS = 60_000

/** By partition. */
type Offsets = Map<number, bigint>

/**
 * A log in a topic, from the offsets at the mark. Positions are kept here, not by the brokers: a consumer group is made up for each
 * look and commits nothing, unless a group is named.
 */
export function createKafkaSource(options: KafkaSourceOptions): LogSource {
  const { place, signal } = options
  const next: Offsets = new Map()
  let kafka: Promise<Kafka> | undefined
  const connected = () => {
    kafka ??= connectKafka(place, options.env)
    return kafka
  }
  return {
    name: `The log of predictions in topic ${place.topic}`,
    mark: () =>
      guarded(options, async () => {
        const ends = await offsetsOf(await connected(), place.topic)
        for (const { partition, high } of ends) next.set(partition, high)
      }),
    read: (sink, since) =>
      guarded(options, async () => {
        const client = await connected()
        if (next.size === 0) await beginAt(client, { topic: place.topic, since, next })
        const ends = await offsetsOf(client, place.topic)
        const { goals, warnings } = goalsOf(ends, next)
        if (goals.size > 0) await consume(client, { place, signal, sink, next, goals })
        return warnings
      }),
  }
}

async function guarded<T>(
  { place, signal }: KafkaSourceOptions,
  work: () => Promise<T>,
): Promise<T> {
  try {
    signal.throwIfAborted()
    return await work()
  } catch (error) {
    if (signal.aborted)
      throw new CancelledError('Reading from Kafka was cancelled.', { cause: error })
    throw kafkaFailure(error, place.topic)
  }
}

interface Ends {
  readonly partition: number
  readonly low: bigint
  readonly high: bigint
}

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin()
  try {
    await admin.connect()
    return await work(admin)
  } finally {
    // What goes wrong with leaving is of no use to anybody.
    await admin.disconnect().catch(() => undefined)
  }
}

async function offsetsOf(kafka: Kafka, topic: string): Promise<readonly Ends[]> {
  const found = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic))
  return found.map(({ partition, low, high }) => ({
    partition,
    low: BigInt(low),
    high: BigInt(high),
  }))
}

/** Without a mark: where the brokers say that a moment is. */
async function beginAt(
  kafka: Kafka,
  { topic, since, next }: { topic: string; since: number; next: Offsets },
): Promise<void> {
  const at = Math.max(0, Math.floor(since))
  const found = await withAdmin(kafka, (admin) => admin.fetchTopicOffsetsByTimestamp(topic, at))
  for (const { partition, offset } of found) next.set(partition, BigInt(offset))
}

/** How far each partition is to be read; those where nothing came are left out. New partitions are read from their beginning. */
function goalsOf(ends: readonly Ends[], next: Offsets) {
  const goals: Offsets = new Map()
  const warnings: string[] = []
  for (const { partition, low, high } of ends) {
    const from = next.get(partition) ?? low
    next.set(partition, from > low ? from : low)
    if (from < low)
      warnings.push(`Partition ${partition} has dropped ${low - from} messages unread.`)
    // A topic that was made anew begins at nothing again.
    if (from > high) next.set(partition, low)
    if ((next.get(partition) ?? low) < high) goals.set(partition, high)
  }
  return { goals, warnings }
}

interface Consumption {
  readonly place: KafkaPlace
  readonly signal: AbortSignal
  readonly sink: Sink
  readonly next: Offsets
  readonly goals: Offsets
}

async function consume(kafka: Kafka, consumption: Consumption): Promise<void> {
  const { place, next, goals } = consumption
  const consumer = kafka.consumer({
    groupId: place.group ?? `modelway-${randomUUID()}`,
    allowAutoTopicCreation: false,
    sessionTimeout: SESSION_MS,
    maxWaitTimeInMs: FETCH_MS,
    retry: { retries: 3 },
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topic: place.topic, fromBeginning: true })
    await untilRead(consumer, consumption)
    if (place.group === undefined) return
    await consumer.commitOffsets(
      [...goals.keys()].map((partition) => ({
        topic: place.topic,
        partition,
        offset: String(next.get(partition)),
      })),
    )
  } finally {
    await consumer.disconnect().catch(() => undefined)
  }
}

/** Ends when every partition is read as far as it went, when nothing comes any more, or with the first error. */
async function untilRead(consumer: Consumer, consumption: Consumption): Promise<void> {
  const { place, signal, next, goals } = consumption
  const watch: Watch = { lastNews: Date.now() + JOIN_MS, isPlaced: false, failure: undefined }
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    // A coordinator that moves, or that the first group has to be made for, is asked again by kafkajs.
    if (!payload.restart) watch.failure = payload.error
  })
  consumer.on(consumer.events.GROUP_JOIN, () => {
    for (const partition of goals.keys()) {
      consumer.seek({ topic: place.topic, partition, offset: String(next.get(partition)) })
    }
    watch.isPlaced = true
    watch.lastNews = Date.now()
  })
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch, isStale }) => {
      if (!watch.isPlaced || isStale()) return
      watch.lastNews = Date.now()
      takeBatch(batch, consumption)
    },
  })
  const isRead = () => [...goals].every(([partition, goal]) => (next.get(partition) ?? 0n) >= goal)
  // kafkajs knows no signals, and does not tell that a transaction's mark was passed over.
  while (!isRead() && Date.now() - watch.lastNews <= IDLE_MS) {
    if (watch.failure !== undefined) throw watch.failure
    await sleep(LOOK_MS, undefined, { signal })
  }
  if (!watch.isPlaced) throw new Error('no consumer group could be joined in time')
}

interface Watch {
  /** When something came last; before the group is joined, when that must have happened. */
  lastNews: number
  isPlaced: boolean
  failure: Error | undefined
}

function takeBatch(batch: Batch, { sink, next, goals }: Consumption): void {
  const { partition, messages } = batch
  const goal = goals.get(partition)
  const from = next.get(partition)
  if (goal === undefined || from === undefined) return
  // Fetched before the position was set: what lies between would be lost.
  if ('fetchedOffset' in batch && BigInt(String(batch.fetchedOffset)) > from) return
  for (const message of messages) {
    const offset = BigInt(message.offset)
    if (offset < (next.get(partition) ?? 0n) || offset >= goal) continue
    takeMessage(message, sink)
    next.set(partition, offset + 1n)
  }
}
