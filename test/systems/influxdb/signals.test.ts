import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openSignals } from '../../../src/adapters/telemetry/index.js'
import { SignalsSection } from '../../../src/config/deploy/signals.js'
import { ensureInfluxdb } from '../../../tools/install/influxdb.js'
import { systemSuite } from '../system-suite.js'
import { type Influxdb, startInfluxdb, USER } from './server.js'

/** In each language: requests, failed ones, and those up to 100 ms, of a version and a time. */
const LANGUAGES = {
  influxql: (field: string) =>
    `SELECT sum("${field}") FROM requests WHERE version = '{name}' AND time >= {from} AND time < {to}`,
  flux: (field: string) =>
    `from(bucket: "ml/autogen") |> range(start: {from}, stop: {to})
      |> filter(fn: (r) => r._measurement == "requests" and r._field == "${field}" and r.version == "{name}")
      |> sum()`,
}
type Language = keyof typeof LANGUAGES

/** What ends a text in one language or the other, and what begins something else in one. */
const HOSTILE = `it's "b" \\ \${r}`
const FROM = Date.UTC(2026, 0, 1)
const STRETCH = { from: FROM, to: FROM + 60_000, stable: 'one', canary: HOSTILE }

// @evidence InfluxDB, what users met: live (1.8.10)
await systemSuite('InfluxDB as the signals of a rollout', ensureInfluxdb, (program) => {
  let server: Influxdb
  beforeAll(async () => {
    server = await startInfluxdb(program())
    const tag = HOSTILE.replaceAll(' ', '\\ ')
    await server.write([
      `requests,version=one,pod=a count=100,failed=0i,quick=90i ${FROM}`,
      `requests,version=one,pod=b count=50,failed=2i,quick=40i ${FROM + 59_999}`,
      `requests,version=one,pod=b count=7000,failed=7i,quick=7i ${FROM + 60_000}`,
      `requests,version=one,pod=b count=8000,failed=8i,quick=8i ${FROM - 1}`,
      `requests,version=${tag},pod=a count=11,failed=3i,quick=10i ${FROM + 30_000}`,
      `requests,version=rate,pod=a count=1.5,failed=0i,quick=1i ${FROM + 30_000}`,
    ])
  })
  afterAll(() => server?.close())

  const open = async (language: Language, more: object = {}, env: object = USER) => {
    const query = LANGUAGES[language]
    const settings = SignalsSection.parse({
      influxdb: {
        url: server.url,
        language,
        database: 'ml',
        requests: query('count'),
        errors: query('failed'),
        latency: [{ 'up-to': '100ms', count: query('quick') }],
        ...more,
      },
    })
    const signals = await openSignals(settings, {
      env: { ...env },
      signal: new AbortController().signal,
    })
    if (signals === undefined) throw new Error('it is named')
    return signals
  }

  describe.each(['influxql', 'flux'] as const)('asked in %s', (language) => {
    it('counts what each version did between two times, whatever its name holds', async () => {
      const gained = await (await open(language)).between(STRETCH)
      expect(gained?.latencyBounds).toEqual([100])
      expect(gained?.counters.stable).toEqual({
        assigned: 150,
        requests: 150,
        errors: 2,
        unreachable: 0,
        latency: [130, 20],
      })
      expect(gained?.counters.canary).toMatchObject({ requests: 11, errors: 3, latency: [10, 1] })
    })

    it('knows nothing of a time in which neither was counted', async () => {
      const before = { ...STRETCH, from: FROM - 120_000, to: FROM - 60_000 }
      expect(await (await open(language)).between(before)).toBeUndefined()
    })

    it('takes a version that is not counted beside one that is for one without requests', async () => {
      const gained = await (await open(language)).between({ ...STRETCH, canary: 'two' })
      expect(gained?.counters.canary).toMatchObject({ requests: 0, errors: 0, latency: [0, 0] })
    })

    it('refuses what is no count', async () => {
      const attempt = (await open(language)).between({ ...STRETCH, canary: 'rate' })
      await expect(attempt).rejects.toThrow(/MW-DEPLOY-280.*1\.5/)
    })

    it('says what is wrong with a query, and where it is', async () => {
      const signals = await open(language, { errors: `${LANGUAGES[language]('failed')} )` })
      await expect(signals.between(STRETCH)).rejects.toThrow(
        /MW-DEPLOY-286: deploy\.signals\.influxdb\.errors/,
      )
    })

    it('says what signs in where nothing did, and shows no secret', async () => {
      const env = { ...USER, MODELWAY_INFLUXDB_PASSWORD: 'not-the-password' }
      const error = await (await open(language, {}, env)).between(STRETCH).catch(String)
      expect(error).toMatch(/MODELWAY_INFLUXDB_TOKEN/)
      expect(error).not.toContain('not-the-password')
    })
  })
})
