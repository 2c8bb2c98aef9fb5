import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createKeptTarget } from '../../../../../src/adapters/traffic/kept/index.js'
import { createFileRolloutStore } from '../../../../../src/adapters/traffic/stores/file.js'
import { countersBetween } from '../../../../../src/domain/rollout/observation.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { ExternalError, UserError } from '../../../../../src/errors.js'
import type { Stretch } from '../../../../../src/ports/signals.js'
import { trafficContract } from '../../../../contracts/traffic.contract.js'
import { createMemorySystem, type MemorySystem } from './memory.js'

const STABLE = { version: '1', url: 'http://one' }
const CANARY = { version: '2', url: 'http://two' }
const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: { phase: 'preparing' } }

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'modelway-kept-'))
}

function open(system: MemorySystem, path: string, settleMs = 0) {
  return createKeptTarget({
    splitter: system.splitter,
    store: createFileRolloutStore(path),
    signals: system.signals,
    stable: STABLE,
    isReady: async ({ version }) => version !== 'dead',
    now: () => system.clock.now,
    sleep: async (milliseconds) => {
      system.onSleep?.()
      system.clock.now += milliseconds
    },
    settleMs,
  })
}

trafficContract('a splitter with a store and signals', async () => {
  const system = createMemorySystem(STABLE.version)
  const path = folder()
  const random = createRandom(5)
  return {
    target: open(system, path),
    again: () => open(system, path),
    stable: STABLE,
    canary: CANARY,
    dead: { version: 'dead', url: 'http://dead' },
    send: async (count) => Array.from({ length: count }, () => system.serve(random.next())),
    settled: async () => {
      system.clock.now += system.signals.lagMs + 1
    },
    end: async () => undefined,
  }
})

describe('what a kept target counts', () => {
  it('leaves out what was served before the weights were in force', async () => {
    const system = createMemorySystem('1')
    system.onSleep = () => {
      for (let i = 0; i < 40; i++) system.serve(0.5)
    }
    const target = open(system, folder(), 50)
    await target.prepare(ROLLOUT, CANARY)
    await target.set({ weight: 100, mirror: 0 })
    const before = (await target.observe()).reading
    system.clock.now += 100
    for (let i = 0; i < 7; i++) system.serve(0.5)
    system.clock.now += 100
    const after = (await target.observe()).reading
    expect(countersBetween(before, after)?.canary.requests).toBe(7)
  })

  it('is asked by whole periods where the signals count by them, from the first after the weights', async () => {
    const system = createMemorySystem('1')
    const asked: [number, number][] = []
    const signals = {
      ...system.signals,
      stepMs: 60,
      between: async (stretch: Stretch) => {
        asked.push([stretch.from % 60, stretch.to % 60])
        return system.signals.between(stretch)
      },
    }
    const target = open({ ...system, signals }, folder())
    await target.prepare(ROLLOUT, CANARY)
    await target.set({ weight: 100, mirror: 0 })
    // The period in which the weights changed is nobody's.
    system.serve(0.5)
    const before = (await target.observe()).reading
    system.clock.now += 120 - (system.clock.now % 60)
    for (let i = 0; i < 7; i++) system.serve(0.5)
    system.clock.now += 30
    // This period has not ended.
    expect((await target.observe()).reading.canary.requests).toBe(before.canary.requests)
    system.clock.now += 100
    const after = (await target.observe()).reading
    expect(countersBetween(before, after)?.canary.requests).toBe(7)
    expect(asked.length).toBeGreaterThan(0)
    expect(new Set(asked.flat())).toEqual(new Set([0]))
  })

  it('never compares across a stretch that the signals cannot tell', async () => {
    const system = createMemorySystem('1')
    const target = open(system, folder())
    await target.prepare(ROLLOUT, CANARY)
    const look = async () => {
      system.serve(0.5)
      system.clock.now += 10
      return (await target.observe()).reading
    }
    const first = await look()
    system.signals.failing = 'unknown'
    const lost = await look()
    system.signals.failing = 'not'
    const third = await look()
    const fourth = await look()
    expect(countersBetween(first, lost)).toBeUndefined()
    expect(countersBetween(lost, third)?.stable.requests).toBe(1)
    expect(countersBetween(third, fourth)?.stable.requests).toBe(1)
  })

  it('counts a stretch in which the signals were down once they answer again', async () => {
    const system = createMemorySystem('1')
    const target = open(system, folder())
    await target.prepare(ROLLOUT, CANARY)
    system.clock.now += 10
    const before = (await target.observe()).reading
    system.signals.failing = 'down'
    for (let i = 0; i < 5; i++) system.serve(0.5)
    system.clock.now += 10
    await expect(target.observe()).rejects.toThrow('down')
    system.signals.failing = 'not'
    const after = (await target.observe()).reading
    expect(countersBetween(before, after)?.stable.requests).toBe(5)
  })
})

describe('what signals call a version', () => {
  const watched = (system: MemorySystem) => {
    const asked: Stretch[] = []
    const { between } = system.signals
    system.signals.between = (stretch) => {
      asked.push(stretch)
      return between(stretch)
    }
    return asked
  }

  it('is what the system says that it is seen as, and its name beside it', async () => {
    const system = createMemorySystem('1')
    system.seenAs = (version) => `hash-${version}`
    const asked = watched(system)
    const target = open(system, folder())
    await target.prepare(ROLLOUT, CANARY)
    await target.observe()
    await target.set({ weight: 100, mirror: 0 })
    const before = (await target.observe()).reading
    system.clock.now += 10
    for (let i = 0; i < 7; i++) system.serve(0.5)
    system.clock.now += 10
    await target.observe()
    expect(asked.at(-1)).toMatchObject({ stable: 'hash-1', canary: 'hash-2' })
    expect(asked.at(-1)?.versions).toEqual({ stable: STABLE, canary: CANARY })
    expect(before.canary.requests).toBe(0)
    expect((await target.observe()).reading.canary.requests).toBe(7)
  })

  it('is remembered by the record, for a run that finds the system moved on', async () => {
    const system = createMemorySystem('1')
    system.seenAs = (version) => `hash-${version}`
    const path = folder()
    const target = open(system, path)
    await target.prepare(ROLLOUT, CANARY)
    await target.observe()
    await target.record(ROLLOUT)
    system.seenAs = undefined
    const asked = watched(system)
    await open(system, path).rollback({ reason: 'worse', to: 'stable' })
    expect(asked.at(-1)).toMatchObject({ stable: 'hash-1', canary: 'hash-2' })
  })

  it('is not counted where it changed within a stretch: neither name has all of it', async () => {
    const system = createMemorySystem('1')
    system.seenAs = (version) => `first-${version}`
    const target = open(system, folder())
    await target.prepare(ROLLOUT, CANARY)
    const look = async () => {
      system.serve(0.5)
      system.clock.now += 10
      return (await target.observe()).reading
    }
    await look()
    const first = await look()
    const asked = watched(system)
    system.seenAs = (version) => `second-${version}`
    const lost = await look()
    expect(asked).toEqual([])
    expect(countersBetween(first, lost)).toBeUndefined()
    expect(countersBetween(lost, await look())?.stable.requests).toBe(1)
  })
})

describe('what a kept target verifies', () => {
  const shifting = async (system: MemorySystem) => {
    const target = open(system, folder())
    await target.prepare(ROLLOUT, CANARY)
    await target.set({ weight: 50, mirror: 0 })
    return target
  }
  /** Users go on while a target waits. */
  const withUsers = (system: MemorySystem) => {
    const { between } = system.signals
    system.signals.between = (stretch) => {
      for (let i = 0; i < 10; i++) {
        system.clock.now = stretch.from
        system.serve(i / 10)
      }
      system.clock.now = stretch.to + system.signals.lagMs
      return between(stretch)
    }
  }

  it('says that a rollback failed while users still meet the canary, and keeps the rollout', async () => {
    const system = createMemorySystem('1')
    const target = await shifting(system)
    withUsers(system)
    system.obeys = 'stuck'
    const back = target.rollback({ reason: 'worse', to: 'stable' })
    await expect(back).rejects.toThrow(ExternalError)
    await expect(back).rejects.toThrow(/users still meet version "2"/)
    expect((await target.observe()).state.rollout).toEqual(ROLLOUT)
    system.obeys = 'yes'
    expect(await target.rollback({ reason: 'worse', to: 'stable' })).toMatchObject({ weight: 0 })
  })

  it('does not call a version promoted that users do not meet', async () => {
    const system = createMemorySystem('1')
    const target = await shifting(system)
    withUsers(system)
    system.obeys = 'stuck'
    await expect(target.promote()).rejects.toThrow(/users still meet version "1"/)
    expect((await target.observe()).state).toMatchObject({ stable: STABLE, canary: CANARY })
  })

  it('takes a rollback as it is where there is no traffic to look at', async () => {
    const system = createMemorySystem('1')
    const target = await shifting(system)
    system.signals.failing = 'down'
    expect(await target.rollback({ reason: 'worse', to: 'stable' })).toMatchObject({ weight: 0 })
  })
})

describe('what a kept target refuses', () => {
  it('to mirror where the splitter cannot', async () => {
    const target = open(createMemorySystem('1'), folder())
    await target.prepare(ROLLOUT, CANARY)
    await expect(target.set({ weight: 0, mirror: 100 })).rejects.toThrow(/cannot send copies/)
  })

  it('and leaves no rollout behind, where the system refuses the canary', async () => {
    const system = createMemorySystem('1')
    const target = open(system, folder())
    const { admit } = system.splitter
    system.splitter.admit = async () => {
      throw new UserError({
        code: 'MW-DEPLOY-105',
        what: 'there is no such Service.',
        fix: 'Make it.',
      })
    }
    await expect(target.prepare(ROLLOUT, CANARY)).rejects.toThrow('no such Service')
    expect((await target.observe()).state.rollout).toBeUndefined()
    system.splitter.admit = admit
    expect(await target.prepare({ ...ROLLOUT, id: 'rollout-2' }, CANARY)).toMatchObject({
      weight: 0,
    })
  })

  it('the state of a rollout that another run has ended, or that another has followed', async () => {
    const system = createMemorySystem('1')
    const path = folder()
    const [slow, other] = [open(system, path), open(system, path)]
    await slow.prepare(ROLLOUT, CANARY)
    await other.rollback({ reason: 'by hand', to: 'stable' })
    await expect(slow.record(ROLLOUT)).rejects.toThrow(/MW-DEPLOY-004.*rollout none/)
    expect((await other.observe()).state.rollout).toBeUndefined()
    await other.prepare({ ...ROLLOUT, id: 'rollout-2' }, CANARY)
    await expect(slow.record(ROLLOUT)).rejects.toThrow(/MW-DEPLOY-004.*rollout rollout-2/)
    expect((await other.observe()).state.rollout?.id).toBe('rollout-2')
  })

  it('the state of a rollout that another run has taken over', async () => {
    const system = createMemorySystem('1')
    const path = folder()
    const [one, two] = [open(system, path), open(system, path)]
    await one.prepare(ROLLOUT, CANARY)
    await one.record(ROLLOUT)
    await two.record({ ...ROLLOUT, owner: 'run 2' })
    await expect(one.record(ROLLOUT)).rejects.toThrow(/MW-DEPLOY-004/)
    expect((await two.observe()).state.rollout?.owner).toBe('run 2')
  })

  it('a record that another run has written since', async () => {
    const system = createMemorySystem('1')
    const path = folder()
    const store = createFileRolloutStore(path)
    await store.read()
    await open(system, path).prepare(ROLLOUT, CANARY)
    await expect(store.write({ stable: STABLE })).rejects.toThrow(UserError)
  })
})
