import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startWatch } from '../../../src/actions/deploy-canary/probe/watch.js'
import { createEndpoints } from '../../../src/adapters/probe/index.js'
import { ProbeSection } from '../../../src/config/deploy/probe.js'
import { ensureModelServer } from '../../../tools/install/model-servers.js'
import { until } from '../kubernetes/processes.js'
import { systemSuite } from '../system-suite.js'
import { probe, sleep } from './probe.js'
import { type RunningModelServer, startModelServer } from './server.js'

const EXAMPLES =
  'age,hours,capital,score,label\n1,2,3,-1,<=50K\n0.5,1,0,1,>50K\n-2,4,1.5,-1.5,<=50K\n'
const folder = mkdtempSync(join(tmpdir(), 'modelway-json-'))
const file = join(folder, 'golden.csv')
writeFileSync(file, EXAMPLES)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const INPUTS = ['age', 'hours', 'capital']
const FASTAPI = {
  protocol: 'json',
  path: '/predict',
  answer: '/prediction',
  golden: {
    file,
    inputs: INPUTS,
    expected: [
      { column: 'score', output: '/score' },
      { column: 'label', output: '/label' },
    ],
  },
}

function fastapi(packages: string, env: Record<string, string> = {}): Promise<RunningModelServer> {
  return startModelServer({
    packages,
    args: ['-m', 'uvicorn', 'fastapi_census:app', '--host', '127.0.0.1', '--port', '{port}'],
    healthPath: '/health',
    env,
  })
}

// @evidence BentoML: live (1.4.39, JSON)
await systemSuite(
  'BentoML',
  () => ensureModelServer('bentoml'),
  (packages) => {
    let server: RunningModelServer
    beforeAll(async () => {
      server = await startModelServer({
        packages: packages(),
        args: [
          '-m',
          'bentoml',
          'serve',
          'bento_census:Census',
          '--host',
          '127.0.0.1',
          '--port',
          '{port}',
        ],
        healthPath: '/readyz',
        env: { BENTOML_DO_NOT_TRACK: 'True', BENTOML_HOME: join(folder, 'bento') },
      })
    })
    afterAll(() => server?.close())

    const settings = (more: object = {}) => ({
      protocol: 'json',
      'health-path': '/readyz',
      path: '/predict',
      body: { rows: '{rows}' },
      golden: { file, inputs: INPUTS, expected: [{ column: 'score', output: '/score' }] },
      ...more,
    })

    it('answers all rows of the examples in one request, and is quick enough', async () => {
      const latency = { requests: 100, concurrency: 4, 'p95-under': '2s' }
      const checks = await probe({ url: server.url, settings: settings({ latency }) })
      expect(Object.values(checks).map(({ status }) => status)).toEqual(['pass', 'pass', 'pass'])
    })

    it('is refused with its own words where the body is not what it takes', async () => {
      const checks = await probe({
        url: server.url,
        settings: settings({ body: { lines: '{rows}' } }),
      })
      expect(checks.golden?.text).toMatch(/^MW-DEPLOY-346: .*status 400.*rows/)
    })
  },
)

// @evidence FastAPI: live (0.165.0 on uvicorn 0.54.0, JSON)
await systemSuite(
  'FastAPI',
  () => ensureModelServer('fastapi'),
  (packages) => {
    let server: RunningModelServer
    let slow: RunningModelServer
    beforeAll(async () => {
      server = await fastapi(packages())
      slow = await fastapi(packages(), { MODEL_SECONDS: '0.12' })
    })
    afterAll(async () => {
      await server?.close()
      await slow?.close()
    })
    const ask = (url: string, more: object = {}) =>
      probe({ url, healthPath: '/health', settings: { ...FASTAPI, ...more } })

    it('answers each row of the examples, numbers and texts', async () => {
      const checks = await ask(server.url)
      expect(checks.health?.text).toBe('The server is GET /health.')
      expect(checks.golden?.text).toBe('All 3 examples are answered as expected.')
    })

    it('takes a body by a template of its columns', async () => {
      const body = { age: '{row.age}', hours: '{row.hours}', capital: '{row.capital}' }
      expect((await ask(server.url, { body })).golden?.status).toBe('pass')
      const wrong = await ask(server.url, { body: { age: '{row.age}' } })
      expect(wrong.golden?.text).toMatch(/status 422.*Field required/)
    })

    it('is slow with certainty where nearly all requests are over the bound', async () => {
      const latency = { requests: 40, concurrency: 8, 'p95-under': '50ms' }
      const { latency: check } = await ask(slow.url, { latency })
      expect(check?.status).toBe('fail')
      expect(check?.text).toMatch(
        /^40 requests, 8 at a time: p95 was \d+ ms \(40 of 40 over 50 ms\), over 50 ms with 95% confidence\.$/,
      )
    })

    it('does not wait for a server that is slower than an answer may take', async () => {
      const { golden } = await ask(slow.url, { timeout: '30ms' })
      expect(golden).toMatchObject({
        status: 'fail',
        text: expect.stringContaining('it took too long'),
      })
    })

    it('is found dead by the watch, while the version beside it goes on', async () => {
      const dying = await fastapi(packages())
      const settings = ProbeSection.parse(FASTAPI)
      const open = createEndpoints(settings, { env: {}, healthPath: '/health' })
      const rows = { columns: INPUTS, rows: [[1, 2, 3]] }
      const watch = startWatch({
        canary: open(dying.url),
        stable: open(server.url),
        users: undefined,
        rows,
        everyMs: 30,
        failures: 3,
        now: () => new Date(),
        sleep,
      })
      try {
        await until('looks', async () => watch.seen().looks >= 3)
        expect(watch.seen()).toMatchObject({ canaryFailures: 0, stop: undefined })
        await dying.close()
        await until('a stop', async () => watch.seen().stop !== undefined)
        expect(watch.seen().stop?.text).toMatch(
          /^The canary did not answer 3 checks in a row: MW-DEPLOY-345: .* The stable version answered\.$/,
        )
      } finally {
        await watch.stop()
        await dying.close()
      }
    })
  },
)

// @evidence Flask: live (3.1.3, JSON)
await systemSuite(
  'Flask',
  () => ensureModelServer('fastapi'),
  (packages) => {
    it('is refused where it answers NaN, which JSON has not', async () => {
      const server = await startModelServer({
        packages: packages(),
        args: ['-m', 'flask', '--app', 'flask_census', 'run', '--port', '{port}'],
        healthPath: '/health',
      })
      try {
        const golden = { file, inputs: INPUTS, expected: [{ column: 'score', output: '/score' }] }
        const settings = { protocol: 'json', path: '/predict', golden }
        const checks = await probe({ url: server.url, healthPath: '/health', settings })
        expect(checks.golden?.text).toContain('it holds NaN or Infinity, which JSON has not')
      } finally {
        await server.close()
      }
    })
  },
)
