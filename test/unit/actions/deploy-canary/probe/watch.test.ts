import { describe, expect, it } from '@jest/globals'
import { startWatch } from '../../../../../src/actions/deploy-canary/probe/watch.js'
import { createFakeEndpoint } from './endpoint.js'

/** A watch whose time goes on by steps of the test. */
function watched(rows = true) {
  const [canary, stable, users] = ['canary', 'stable', 'users'].map(createFakeEndpoint) as [
    ReturnType<typeof createFakeEndpoint>,
    ReturnType<typeof createFakeEndpoint>,
    ReturnType<typeof createFakeEndpoint>,
  ]
  const stops: string[] = []
  let wake: () => void = () => undefined
  let looked: () => void = () => undefined
  const watch = startWatch({
    canary,
    stable,
    users,
    rows: rows ? { columns: ['a'], rows: [[1], [2]] } : undefined,
    everyMs: 1000,
    failures: 2,
    now: () => new Date(0),
    sleep: (_milliseconds, signal) =>
      new Promise((resolve) => {
        wake = resolve
        signal.addEventListener('abort', () => resolve())
        looked()
      }),
    onStop: (text) => stops.push(text),
  })
  const look = (): Promise<void> =>
    new Promise((resolve) => {
      looked = resolve
      wake()
    })
  return { canary, stable, users, watch, stops, look }
}

describe('the watch', () => {
  it('asks the health and one row after the other of all three addresses', async () => {
    const { canary, users, watch, look } = watched()
    await look()
    await look()
    expect(watch.seen().looks).toBeGreaterThanOrEqual(2)
    expect(canary.asked.slice(0, 4)).toEqual(['health', 'predict 1', 'health', 'predict 1'])
    expect(users.asked.slice(0, 2)).toEqual(['health', 'predict 1'])
    await watch.stop()
  })

  it('asks the health alone without rows', async () => {
    const { canary, watch, look } = watched(false)
    await look()
    expect(new Set(canary.asked)).toEqual(new Set(['health']))
    await watch.stop()
  })

  it('says once that the rollout must end, and why', async () => {
    const { canary, watch, stops, look } = watched()
    await look()
    canary.ready = false
    await look()
    expect(stops).toEqual([])
    await look()
    await look()
    expect(stops).toEqual([
      'The canary did not answer 2 checks in a row: not ready: status 503. The stable version answered.',
    ])
    expect((await watch.stop()).stop?.text).toBe(stops[0])
  })

  it('takes what cannot be sent for a failure, not for the end of the watch', async () => {
    const { canary, watch, look } = watched()
    canary.sum = () => {
      throw new TypeError('it broke')
    }
    await look()
    await look()
    expect(watch.seen().canaryStreak).toBeGreaterThanOrEqual(1)
    await watch.stop()
  })

  it('ends at once, and counts nothing that its end has broken off', async () => {
    const { canary, watch, look } = watched()
    await look()
    const before = watch.seen()
    canary.health = () => new Promise(() => undefined)
    expect((await watch.stop()).canaryFailures).toBe(before.canaryFailures)
  })
})
