import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openSignals } from '../../../src/adapters/telemetry/index.js'
import { SignalsSection } from '../../../src/config/deploy/signals.js'
import { ensureGraphite } from '../../../tools/install/graphite.js'
import { systemSuite } from '../system-suite.js'
import { type Graphite, startGraphite } from './server.js'

// @evidence Graphite, what users met: live (1.1.10)
await systemSuite('Graphite as the signals of a rollout', ensureGraphite, (packages) => {
  let server: Graphite
  // Its database keeps a day, counted from now.
  const from = Math.floor(Date.now() / 60_000) * 60_000 - 600_000
  const stretch = { from, to: from + 40_000, stable: 'one', canary: 'two' }
  beforeAll(async () => {
    server = await startGraphite(packages())
    const write = (name: string, counts: readonly (number | null)[]) =>
      server.write(`stats_counts.model.${name}`, from - 10_000, counts)
    await write('one.requests', [9000, 10, 20, 30, 40, 7000])
    await write('one.failed', [9000, 0, 1, 0, 1, 7000])
    await write('one.quick', [9000, 9, 19, 29, 39, 7000])
    await write('two.requests', [null, 1, 2, 3, 4, null])
    await write('two.quick', [null, 1, 2, 3, 3, null])
    await write('gap.requests', [1, 1, null, 1, 1, 1])
    await write('gap.quick', [1, 1, null, 1, 1, 1])
  })
  afterAll(() => server?.close())

  const open = async (more: object = {}) => {
    const settings = SignalsSection.parse({
      graphite: {
        url: server.url,
        requests: 'stats_counts.model.{name}.requests',
        errors: 'stats_counts.model.{name}.failed',
        latency: [{ 'up-to': '250ms', count: 'stats_counts.model.{name}.quick' }],
        ...more,
      },
    })
    const signal = new AbortController().signal
    const signals = await openSignals(settings, { env: {}, signal })
    if (signals === undefined) throw new Error('it is named')
    return signals
  }

  describe('what it renders', () => {
    it('is counted by the intervals of the stretch, and no others', async () => {
      const gained = await (await open()).between(stretch)
      expect(gained?.counters.stable).toMatchObject({ requests: 100, errors: 2, latency: [96, 4] })
      expect(gained?.counters.canary).toMatchObject({ requests: 10, errors: 0, latency: [9, 1] })
    })

    it('is added up over the series of a target', async () => {
      const signals = await open({ requests: 'stats_counts.model.{one,two}.requests' })
      expect((await signals.between(stretch))?.counters.stable.requests).toBe(110)
    })

    it('is unknown with an interval that has no point', async () => {
      const signals = await open()
      expect(await signals.between({ ...stretch, canary: 'gap' })).toBeUndefined()
    })

    it('may have gaps that the target says are zeros', async () => {
      const zeros = (what: string) => `transformNull(stats_counts.model.{name}.${what},0)`
      const latency = [{ 'up-to': '250ms', count: zeros('quick') }]
      const signals = await open({ requests: zeros('requests'), latency })
      const gained = await signals.between({ ...stretch, canary: 'gap' })
      expect(gained?.counters.canary.requests).toBe(3)
    })

    it('is unknown where there is neither series', async () => {
      const signals = await open()
      expect(await signals.between({ ...stretch, stable: 'no', canary: 'none' })).toBeUndefined()
    })

    it('is refused by other intervals than step says', async () => {
      await expect((await open({ step: '20s' })).between(stretch)).rejects.toThrow(/MW-DEPLOY-289/)
    })

    it('is never asked for by a name that would be a wildcard', async () => {
      const signals = await open()
      await expect(signals.between({ ...stretch, canary: '*' })).rejects.toThrow(/MW-DEPLOY-285/)
    })
  })
})
