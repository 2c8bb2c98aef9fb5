import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from '@jest/globals'
import { createKeptTarget } from '../../../src/adapters/traffic/kept/index.js'
import { createFileRolloutStore } from '../../../src/adapters/traffic/stores/file.js'
import type { System } from '../../../src/adapters/traffic/system.js'
import type { Split } from '../../../src/ports/splitter.js'
import type { Backend, TrafficSetting } from '../../../src/ports/traffic.js'
import type { TrafficBench } from '../../contracts/traffic.contract.js'
import { type Answer, send, underLoad } from '../haproxy/versions.js'

export const STABLE: Backend = { version: '1', name: 'model-1' }
export const CANARY: Backend = { version: '2', name: 'model-2' }
export const ROLES = { stable: STABLE, canary: CANARY }

export interface ProxyBench {
  /** Where users send their requests. */
  readonly port: number
  readonly open: () => Promise<System>
  /** How long users' requests may lag behind a write that is in force. */
  readonly followMs: number
}

export const TOOLS = { now: Date.now, sleep: async (ms: number) => void (await sleep(ms)) }

/** A proxy before the versions `model-1` and `model-2`, for the contract of targets. */
export async function startBench({ port, open, followMs }: ProxyBench): Promise<TrafficBench> {
  const { splitter, signals } = await open()
  await splitter.rollback(ROLES)
  await sleep(followMs)
  const folder = await mkdtemp(join(tmpdir(), 'modelway-record-'))
  const target = () =>
    createKeptTarget({
      ...TOOLS,
      splitter,
      store: createFileRolloutStore(folder),
      signals,
      stable: STABLE,
      isReady: async ({ name }) => name !== 'dead',
      settleMs: followMs,
    })
  return {
    target: target(),
    again: target,
    stable: STABLE,
    canary: CANARY,
    dead: { version: 'dead', name: 'dead' },
    send: async (times) => {
      await sleep(followMs)
      return (await send(port, times)).map(versionOf)
    },
    settled: () => sleep(100),
    end: () => rm(folder, { recursive: true, force: true }),
  }
}

function versionOf({ body, status }: Answer): string {
  return [STABLE, CANARY].find(({ name }) => name === body)?.version ?? `${status} ${body}`
}

/** Sets weights over what is read, as another run would. */
export async function divide(open: () => Promise<System>, traffic: TrafficSetting): Promise<Split> {
  const { splitter } = await open()
  const { revision } = await splitter.read(ROLES)
  return splitter.share(ROLES, traffic, { revision })
}

const WEIGHTS = [0, 5, 25, 50, 75, 100, 50, 0.5, 10, 30]

/** No request of users on kept connections is lost while weights change so often; what was sent is what was answered 2xx. */
export async function expectNothingLost(
  { port, open }: Pick<ProxyBench, 'port' | 'open'>,
  changes: number,
): Promise<void> {
  for (const pauseMs of [0, 20]) {
    const { sent, statuses } = await underLoad(
      port,
      async () => {
        for (let change = 0; change < changes; change++) {
          const weight = WEIGHTS[change % WEIGHTS.length] ?? 0
          expect((await divide(open, { weight, mirror: 0 })).weight).toBeCloseTo(weight, 6)
        }
      },
      pauseMs,
    )
    expect(sent).toBeGreaterThan(changes)
    expect([...statuses]).toEqual([[200, sent]])
  }
}

/** The canary's share of so many requests is within five standard deviations of what was set. */
export async function expectShare(
  { port, open, followMs }: ProxyBench,
  weight: number,
  times = 2000,
): Promise<void> {
  await divide(open, { weight, mirror: 0 })
  await sleep(followMs)
  const seen = (await send(port, times)).filter(({ body }) => body === CANARY.name).length
  const share = weight / 100
  const deviation = Math.sqrt(times * share * (1 - share))
  expect(Math.abs(seen - times * share)).toBeLessThanOrEqual(5 * deviation)
}
