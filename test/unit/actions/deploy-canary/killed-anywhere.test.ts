import { describe, expect, it } from '@jest/globals'
import type { RolloutPredicate } from '../../../../src/statements/schemas/rollout.js'
import { SETTINGS, systemWith } from './memory-world.js'

/** Counts the calls of a process, and lets it die at one: before the call takes effect, or after it. */
function mortal(dieAt: number, when: 'before' | 'after') {
  let calls = 0
  let isDead = false
  const alive = () => {
    if (isDead) throw new Error('SIGKILL')
  }
  return {
    get calls() {
      return calls
    },
    wrap<Arguments extends unknown[], Result>(work: (...given: Arguments) => Promise<Result>) {
      return async (...given: Arguments): Promise<Result> => {
        alive()
        calls += 1
        const dies = calls === dieAt
        if (dies && when === 'before') isDead = true
        alive()
        const result = await work(...given)
        if (dies) isDead = true
        alive()
        return result
      }
    },
  }
}

type Bench = ReturnType<typeof systemWith>

/** One run whose process may die at any call to the system or to the record. */
async function runOnce(bench: Bench, life: ReturnType<typeof mortal>, settings: object) {
  const { splitter } = bench.system
  const wrapped = {
    ...splitter,
    read: life.wrap(splitter.read),
    admit: life.wrap(splitter.admit),
    share: life.wrap(splitter.share),
    promote: life.wrap(splitter.promote),
    rollback: life.wrap(splitter.rollback),
  }
  const world = bench.runWith({
    splitter: wrapped,
    store: (store) => ({ ...store, read: life.wrap(store.read), write: life.wrap(store.write) }),
  })
  return world.deploy(settings)
}

const wholeOf = (bench: Bench) => {
  const weights = [...bench.system.weights.values()].filter((weight) => weight > 0)
  return { weights, total: weights.reduce((sum, weight) => sum + weight, 0) }
}

describe.each(['before', 'after'] as const)('a run that is killed %s any of its calls', (when) => {
  it.each([
    { canaryErrors: 0, outcome: 'promoted' },
    { canaryErrors: 0.2, outcome: 'rolled-back' },
  ])('leaves what the next run finishes: $outcome', async ({ canaryErrors, outcome }) => {
    const whole = systemWith({ canaryErrors })
    const life = mortal(Number.POSITIVE_INFINITY, when)
    await runOnce(whole, life, SETTINGS)
    expect(life.calls).toBeGreaterThan(10)
    // Each call of the first ones, where the transitions are, and every seventh of the looks in between.
    const deaths = Array.from({ length: life.calls }, (_, i) => i + 1).filter(
      (call) => call <= 20 || call > life.calls - 20 || call % 7 === 0,
    )
    for (const dieAt of deaths) {
      const bench = systemWith({ canaryErrors })
      await expect(runOnce(bench, mortal(dieAt, when), SETTINGS)).rejects.toThrow()
      expect(wholeOf(bench).total).toBe(100)
      const next = await runOnce(bench, mortal(Number.POSITIVE_INFINITY, when), SETTINGS)
      const predicate = next.predicate as RolloutPredicate
      expect({ dieAt, outcome: predicate.outcome }).toEqual({ dieAt, outcome })
      expect({ dieAt, weights: wholeOf(bench).weights }).toEqual({ dieAt, weights: [100] })
      const users = outcome === 'promoted' ? 'census-2' : 'census-1'
      expect(bench.system.weights.get(users)).toBe(100)
      expect((await bench.store().read())?.rollout).toBeUndefined()
    }
  })
})
