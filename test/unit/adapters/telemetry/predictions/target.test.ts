import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { createKeptTarget } from '../../../../../src/adapters/traffic/kept/index.js'
import { createFileRolloutStore } from '../../../../../src/adapters/traffic/stores/file.js'
import { countersBetween } from '../../../../../src/domain/rollout/observation.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { trafficContract } from '../../../../contracts/traffic.contract.js'
import { createMemorySystem } from '../../traffic/kept/memory.js'
import { openLog } from './arrange.js'

const STABLE = { version: '1', url: 'http://one' }
const CANARY = { version: '2', url: 'http://two' }

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A target of which all that is known is a log of what its versions answered. */
async function arrange() {
  const folder = mkdtempSync(join(tmpdir(), 'modelway-log-target-'))
  folders.push(folder)
  const path = join(folder, 'log.jsonl')
  writeFileSync(path, '')
  const system = createMemorySystem(STABLE.version)
  const random = createRandom(5)
  let count = 0
  const send = (more: object = {}): string => {
    const version = system.serve(random.next())
    const time = new Date(system.clock.now).toISOString()
    const record = { time, version, id: `r${count++}`, prediction: 'a', ms: 2, ...more }
    appendFileSync(path, `${JSON.stringify(record)}\n`)
    return version
  }
  const settings = {
    files: 'log.jsonl',
    lag: '3ms',
    'clock-skew': '0s',
    columns: { latency: 'ms' },
  }
  const open = async () =>
    createKeptTarget({
      splitter: system.splitter,
      store: createFileRolloutStore(join(folder, 'record')),
      signals: await openLog(folder, settings),
      stable: STABLE,
      isReady: async ({ version }) => version !== 'dead',
      now: () => system.clock.now,
      sleep: async (milliseconds) => {
        system.clock.now += milliseconds
      },
      settleMs: 0,
    })
  const targets = [await open(), await open()]
  return { system, send, path, targets }
}

trafficContract('a splitter with a log of predictions', async () => {
  const { system, send, targets } = await arrange()
  const [target, again] = targets
  if (target === undefined || again === undefined) throw new Error('not opened')
  return {
    target,
    again: () => again,
    stable: STABLE,
    canary: CANARY,
    dead: { version: 'dead', url: 'http://dead' },
    send: async (count) => Array.from({ length: count }, () => send()),
    settled: async () => {
      system.clock.now += 4
    },
    end: async () => undefined,
  }
})

describe('a log of predictions behind a target', () => {
  it('gives answers for labels, and leaves out those of the weights before, however late they come', async () => {
    const { system, send, path, targets } = await arrange()
    const [target] = targets
    await target?.prepare({ id: 'rollout-1', owner: 'run 1', state: {} }, CANARY)
    await target?.set({ weight: 50, mirror: 0 })
    const early = new Date(system.clock.now - 1).toISOString()
    const before = await target?.observe()
    system.clock.now += 10
    for (let i = 0; i < 20; i++) send()
    appendFileSync(path, `${JSON.stringify({ time: early, version: '2', id: 'late' })}\n`)
    system.clock.now += 10
    const after = await target?.observe()
    const gained = before && after && countersBetween(before.reading, after.reading)
    expect((gained?.stable.requests ?? 0) + (gained?.canary.requests ?? 0)).toBe(20)
    expect(after?.samples.map(({ requestId }) => requestId)).toEqual(
      Array.from({ length: 20 }, (_, i) => `r${i}`),
    )
  })
})
