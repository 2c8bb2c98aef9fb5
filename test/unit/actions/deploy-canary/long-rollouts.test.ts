import { describe, expect, it } from '@jest/globals'
import type { RolloutState } from '../../../../src/domain/rollout/state.js'
import type { KeptRollout } from '../../../../src/ports/rollout-store.js'
import type { RolloutPredicate } from '../../../../src/statements/schemas/rollout.js'
import { SETTINGS, systemWith } from './memory-world.js'

const HALF_HOUR = 1_800_000

const tallyOf = (kept: KeptRollout | undefined) => {
  const state = kept?.rollout?.state as RolloutState | undefined
  return state?.evidence.tally ?? null
}

const outcomeOf = ({ predicate }: { readonly predicate: object }) =>
  (predicate as RolloutPredicate).outcome

describe('a rollout that no runner waits for', () => {
  const detached = { ...SETTINGS, detach: true }
  const later = { ...SETTINGS, mode: 'continue', detach: true }

  it('is left at its weight after one look, and says that it goes on', async () => {
    const { system, store, world } = systemWith({ canaryErrors: 0 })
    const outcome = await world.deploy({ ...detached, 'min-requests': 1e6 })
    expect(outcome).toMatchObject({ decision: 'inconclusive', failOn: 'never' })
    expect(outcome.outputs).toMatchObject({ weight: 5 })
    expect(outcomeOf(outcome)).toBe('held')
    expect(system.weights.get('census-2')).toBe(5)
    const kept = (await store().read())?.rollout
    expect(kept?.driver).toBeUndefined()
    expect(kept?.deployment).toBe('1')
  })

  it('is gone on with by runs that have no record of the model, and counts what users met between them', async () => {
    const { system, store, world, users, runWith } = systemWith({ canaryErrors: 0 })
    await world.deploy(detached)
    const ends: string[] = []
    let run = runWith({ noRecord: true })
    for (let i = 0; i < 12 && ends.at(-1) !== 'promoted'; i++) {
      users(60_000)
      run = runWith({ noRecord: true })
      const outcome = await run.deploy(later)
      ends.push(outcomeOf(outcome) ?? 'nothing')
      expect(outcome.subject[0]?.name).toBe('model.json')
    }
    expect(ends.at(-1)).toBe('promoted')
    expect(ends.slice(0, -1).every((end) => end === 'held')).toBe(true)
    expect(system.weights.get('census-2')).toBe(100)
    expect(run.champion).toBe('2')
    expect((await store().read())?.rollout).toBeUndefined()
  })

  it('counts in one interval what users met while nobody was there', async () => {
    const { store, world, users, runWith } = systemWith({ canaryErrors: 0 })
    await world.deploy({ ...detached, 'min-requests': 1e6 })
    const before = tallyOf(await store().read())
    users(600_000)
    await runWith({}).deploy({ ...later, 'min-requests': 1e6 })
    const after = tallyOf(await store().read())
    expect(after?.intervals).toBe((before?.intervals ?? 0) + 1)
    const seconds = (tally: typeof before) =>
      tally === null ? 0 : (Date.parse(tally.endedAt) - Date.parse(tally.startedAt)) / 1000
    expect(seconds(after) - seconds(before)).toBeGreaterThanOrEqual(600)
  })

  it('goes back when the version fails users while nobody was there', async () => {
    const rates = { canaryErrors: 0 }
    const { system, world, users, runWith } = systemWith(rates)
    await world.deploy({ ...detached, 'min-requests': 1e6 })
    rates.canaryErrors = 0.3
    users(600_000)
    const outcome = await runWith({ noRecord: true }).deploy(later)
    expect(outcome.decision).toBe('fail')
    expect(outcomeOf(outcome)).toBe('rolled-back')
    expect(system.weights).toEqual(new Map([['census-1', 100]]))
  })

  it('goes back when nobody has driven it for longer than max-unattended', async () => {
    const { system, world, users, runWith } = systemWith({ canaryErrors: 0 })
    await world.deploy({ ...detached, 'max-unattended': '20m' })
    users(HALF_HOUR)
    const outcome = await runWith({}).deploy({ ...later, 'max-unattended': '20m' })
    expect(outcomeOf(outcome)).toBe('rolled-back')
    expect(outcome.reason).toMatch(/Nobody has driven the rollout since/)
    expect(system.weights).toEqual(new Map([['census-1', 100]]))
  })

  it('goes back when somebody has changed the weight while nobody was there, and does not set it again', async () => {
    const { system, world, users, runWith } = systemWith({ canaryErrors: 0 })
    await world.deploy({ ...detached, 'min-requests': 1e6 })
    const weights = system.weights as Map<string, number>
    weights.set('census-1', 100).set('census-2', 0)
    users(60_000)
    const before = system.calls.length
    const outcome = await runWith({ noRecord: true }).deploy(later)
    expect(outcome).toMatchObject({ decision: 'inconclusive' })
    expect(outcomeOf(outcome)).toBe('rolled-back')
    expect(outcome.reason).toMatch(/changed the weight of the canary from 5 to 0/)
    expect(system.calls.slice(before)).toEqual(['rollback'])
  })

  it('is ended and not begun anew, without approval, when its record cannot be understood', async () => {
    const { system, store, world, runWith } = systemWith({ canaryErrors: 0 })
    await world.deploy(detached)
    const broken = store()
    const kept = await broken.read()
    if (kept?.rollout === undefined) throw new Error('there is no rollout')
    await broken.write({ ...kept, rollout: { ...kept.rollout, state: { version: 1 } } })
    const before = system.calls.length
    const outcome = await runWith({ noRecord: true }).deploy(later)
    expect(outcome).toMatchObject({ decision: 'inconclusive' })
    expect(outcome.reason).toMatch(/no rollout left to go on with/)
    expect(system.calls.slice(before)).toEqual(['rollback'])
    expect((await store().read())?.rollout).toBeUndefined()
  })

  it("ends the forge's record of what is taken back, and calls none of it a success", async () => {
    const ends: [string, string][] = []
    let created = 0
    const deployments = {
      create: async () => {
        created += 1
        return { id: String(created) }
      },
      update: async (id: string, { state }: { readonly state: string }) => {
        ends.push([id, state])
      },
      list: async () => [],
      retireBefore: async () => undefined,
    }
    for (const mode of ['abort', 'rollback']) {
      const { world, runWith } = systemWith({ canaryErrors: 0 }, { context: { deployments } })
      await world.deploy(detached)
      await runWith({ noRecord: true, context: { deployments } }).deploy({ ...SETTINGS, mode })
      expect(ends.at(-1)).toEqual([String(created), 'inactive'])
    }
    expect(created).toBe(2)
    expect(ends.map(([, state]) => state)).not.toContain('success')
  })

  it('does nothing, and fails nothing, where no rollout is under way', async () => {
    const { system, runWith } = systemWith({ canaryErrors: 0 })
    for (const mode of ['continue', 'abort']) {
      const outcome = await runWith({ noRecord: true }).deploy({ ...SETTINGS, mode })
      expect(outcome.reason).toMatch(/No rollout is under way/)
      expect(outcome.decision).toBeUndefined()
    }
    expect(system.calls).toEqual([])
  })

  it('is ended by abort without a record, and never goes further back than that', async () => {
    const { system, store, world, runWith } = systemWith({ canaryErrors: 0 })
    await world.deploy(detached)
    const outcome = await runWith({ noRecord: true }).deploy({ ...SETTINGS, mode: 'abort' })
    expect(outcomeOf(outcome)).toBe('aborted')
    expect(system.weights).toEqual(new Map([['census-1', 100]]))
    expect((await store().read())?.rollout).toBeUndefined()
  })
})

describe('a hold at a step', () => {
  const held = { ...SETTINGS, 'hold-at': [25], 'max-hold': '5d', detach: true }

  /** So many runs that the hold would be over if evidence could end it. */
  async function toTheHold() {
    const bench = systemWith({ canaryErrors: 0 })
    await bench.world.deploy(held)
    for (let i = 0; i < 12; i++) {
      bench.users(60_000)
      await bench.runWith({}).deploy({ ...held, mode: 'continue' })
    }
    return bench
  }

  it('keeps its weight however good the evidence is, until a run releases it', async () => {
    const { system, store, users, runWith } = await toTheHold()
    expect(system.weights.get('census-2')).toBe(25)
    const state = (await store().read())?.rollout?.state as RolloutState
    expect(state.hold).toMatchObject({ by: null })
    expect(state.reasons[0]?.text).toMatch(/Held by the step of 25 %/)
    await runWith({}).deploy({ ...held, mode: 'continue', resume: 'release' })
    users(60_000)
    await runWith({}).deploy({ ...held, mode: 'continue' })
    expect(system.weights.get('census-2')).toBeGreaterThan(25)
  })

  it('ends in going back once nobody has released it for max-hold', async () => {
    const bench = systemWith({ canaryErrors: 0 })
    const outcome = await bench.world.deploy({ ...SETTINGS, 'hold-at': [5], 'max-hold': '10m' })
    expect(outcome.decision).toBe('inconclusive')
    expect(outcomeOf(outcome)).toBe('rolled-back')
    expect(bench.system.weights).toEqual(new Map([['census-1', 100]]))
  })
})

describe('modes', () => {
  it('blue-green watches stable alone, switches all users, and keeps stable at hand for the soak', async () => {
    const { system, store, world } = systemWith({ canaryErrors: 0 })
    const outcome = await world.deploy({ ...SETTINGS, mode: 'blue-green', soak: '5m' })
    expect(outcomeOf(outcome)).toBe('promoted')
    expect(system.calls).toEqual(['admit', 'share 0', 'share 100', 'promote'])
    const { steps } = outcome.predicate as RolloutPredicate
    expect(steps.map(({ weight }) => weight)).toEqual([0, 100])
    expect(steps[1]?.analysis[0]).toMatchObject({ method: 'soak-binomial-mixture', of: 'rate' })
    expect((await store().read())?.stable.version).toBe('census-2')
  })

  it('blue-green brings all users back when the new version does not keep to the record of stable', async () => {
    const { system, world } = systemWith({ canaryErrors: 0.05 })
    const outcome = await world.deploy({ ...SETTINGS, mode: 'blue-green', soak: '30m' })
    expect(outcome.decision).toBe('fail')
    expect(outcome.reason).toMatch(/worse than stable's record/)
    expect(system.weights).toEqual(new Map([['census-1', 100]]))
  })

  it('a canary with a soak has all users for that time before stable is given up', async () => {
    const { system, world } = systemWith({ canaryErrors: 0 })
    const outcome = await world.deploy({ ...SETTINGS, soak: '10m' })
    expect(outcomeOf(outcome)).toBe('promoted')
    expect(system.calls).toEqual([
      'admit',
      'share 5',
      'share 25',
      'share 50',
      'share 100',
      'promote',
    ])
  })

  it('by the pace of the evidence takes as high a weight as it allows', async () => {
    const { system, world } = systemWith({ canaryErrors: 0 })
    const outcome = await world.deploy({
      ...SETTINGS,
      pace: 'evidence',
      steps: [1, 2, 5, 10, 20, 35, 50, 100],
    })
    expect(outcomeOf(outcome)).toBe('promoted')
    const shares = system.calls.filter((call) => call.startsWith('share'))
    expect(shares[0]).toBe('share 1')
    expect(shares.length).toBeGreaterThan(1)
    const weights = shares.map((call) => Number(call.slice('share '.length)))
    expect(weights).toEqual([...weights].sort((a, b) => a - b))
  })

  it('ab never promotes a version that is only no worse', async () => {
    const { system, world } = systemWith({ canaryErrors: 0 })
    const outcome = await world.deploy({
      ...SETTINGS,
      mode: 'ab',
      steps: [50, 100],
      horizon: '30m',
      'max-hold': '5m',
    })
    expect(outcome.decision).toBe('inconclusive')
    expect(system.weights).toEqual(new Map([['census-1', 100]]))
  })
})

describe('settings that contradict one another', () => {
  it.each([
    ['MW-DEPLOY-064', { target: 'embedded', mode: 'ab' }],
    ['MW-DEPLOY-065', { 'hold-at': [30] }],
    ['MW-DEPLOY-066', { combine: 'mean', analysis: [{ metric: 'error-rate', method: 'kayenta' }] }],
    [
      'MW-DEPLOY-067',
      {
        target: 'haproxy',
        signals: undefined,
        haproxy: { socket: '/run/haproxy.sock', backend: 'model' },
        analysis: [{ metric: 'latency', over: '200ms' }],
      },
    ],
  ])('are refused with %s before anything is touched', async (code, settings) => {
    const { system, world } = systemWith({ canaryErrors: 0 })
    await expect(world.deploy({ ...SETTINGS, ...settings })).rejects.toThrow(code)
    expect(system.calls).toEqual([])
  })
})
