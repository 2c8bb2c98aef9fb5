import { createHash } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeptTarget } from '../../../../../src/adapters/traffic/kept/index.js'
import { createFileRolloutStore } from '../../../../../src/adapters/traffic/stores/file.js'
import type { System } from '../../../../../src/adapters/traffic/system.js'
import type { TrafficTarget } from '../../../../../src/ports/traffic.js'
import { type Arrangement, openLog } from '../../telemetry/predictions/arrange.js'

export const STABLE = { version: '1', name: 'models/one' }
export const CANARY = { version: '2', name: 'models/two' }

/** A manifest as a reader in any language has it: parsed JSON. */
export interface Read {
  readonly generation: number
  readonly salt: string
  readonly stable: { readonly name: string; readonly version: string; readonly artifact?: Artifact }
  readonly canary: Read['stable'] | null
  readonly previous: Read['stable'] | null
  readonly share: number
  readonly below: string
  readonly copiesBelow: string
  readonly partitions?: Readonly<Record<string, string>>
  readonly withdrawn: readonly string[]
}

interface Artifact {
  readonly url: string
  readonly sha256: string
}

/** The rule as docs/batch.md has it, written from there and with nothing of the product. */
export function readerOf(manifest: Read | undefined, key: string) {
  if (manifest === undefined) return { role: 'stable', copied: false }
  const digest = createHash('sha256').update(`${manifest.salt}:${key}`).digest('hex')
  const isCanary = manifest.canary !== null && digest.slice(0, 16) < manifest.below
  const copied = manifest.canary !== null && digest.slice(16, 32) < manifest.copiesBelow
  return { role: isCanary ? 'canary' : 'stable', copied }
}

export interface World {
  readonly folder: string
  readonly file: string
  readonly clock: { now: number }
  readonly manifest: () => Read | undefined
  /** The entry whose version a key gets; undefined: what the reader has built in. */
  readonly entryOf: (key: string) => Read['stable'] | undefined
  /** Scores keys nobody has seen before, and logs what answered. */
  readonly send: (count: number) => readonly string[]
  /** Writes one record, a millisecond later than the one before. */
  readonly log: (record: object) => void
  readonly end: () => void
}

/** A folder with a manifest, a log, and something that reads one and writes the other. */
export function createWorld(read?: () => Read | undefined): World {
  const folder = mkdtempSync(join(tmpdir(), 'modelway-manifest-'))
  const file = join(folder, 'manifest.json')
  const path = join(folder, 'log.jsonl')
  writeFileSync(path, '')
  const clock = { now: 1_000_000_000 }
  let count = 0
  const manifest = () => {
    if (read !== undefined) return read()
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Read
    } catch {
      return undefined
    }
  }
  const entryOf = (key: string) => {
    const now = manifest()
    return readerOf(now, key).role === 'canary' ? (now?.canary ?? undefined) : now?.stable
  }
  const log = (record: object) => {
    clock.now += 1
    const time = new Date(clock.now).toISOString()
    appendFileSync(path, `${JSON.stringify({ time, ...record })}\n`)
  }
  const send = (much: number) =>
    Array.from({ length: much }, () => {
      const id = `key-${count++}`
      const { name, version } = entryOf(id) ?? STABLE
      log({ id, version: name, ms: 2 })
      return version
    })
  const end = () => rmSync(folder, { recursive: true, force: true })
  return { folder, file, clock, manifest, entryOf, send, log, end }
}

const LOG = {
  files: 'log.jsonl',
  lag: '3ms',
  'clock-skew': '0s',
  columns: { latency: 'ms' },
}

export function openLogOf({ folder }: Pick<World, 'folder'>, more: Arrangement = {}) {
  return openLog(folder, LOG, more)
}

export async function openTarget(
  { folder, clock }: World,
  open: () => Promise<System>,
  more: Arrangement = {},
): Promise<TrafficTarget> {
  const { splitter } = await open()
  return createKeptTarget({
    splitter,
    store: createFileRolloutStore(join(folder, 'record')),
    signals: await openLogOf({ folder }, more),
    stable: STABLE,
    now: () => clock.now,
    sleep: async (milliseconds) => {
      clock.now += milliseconds
    },
    settleMs: 0,
  })
}
