import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { createEndpoints } from '../../../src/adapters/probe/index.js'
import { createLocalServers } from '../../../src/adapters/serving/local.js'
import { createEmbeddedTarget } from '../../../src/adapters/traffic/embedded/index.js'
import { savedStable } from '../../../src/adapters/traffic/embedded/saved.js'
import { ProbeSection } from '../../../src/config/deploy/probe.js'
import { ensureModelServer } from '../../../tools/install/model-servers.js'
import { createDeployWorld } from '../../unit/actions/deploy-canary/deploy-world.js'
import { bundleRouter } from '../../unit/adapters/traffic/embedded/harness.js'
import { systemSuite } from '../system-suite.js'
import { sleep } from './probe.js'
import { freePort, pythonCommand } from './server.js'

const EXAMPLES = 'age,hours,capital,score\n1,2,3,-1\n0.5,1,0,1\n-2,4,1.5,-1.5\n'
const BODY = JSON.stringify({ age: 1, hours: 2, capital: 3 })

// @evidence FastAPI behind the embedded router: live (0.165.0), probed before and during the rollout
await systemSuite(
  'A canary of FastAPI servers',
  () => ensureModelServer('fastapi'),
  (packages) => {
    const folder = mkdtempSync(join(tmpdir(), 'modelway-canary-'))
    const servers = createLocalServers()
    let routerPath = ''
    let state = ''
    const command = (env: Record<string, string> = {}) =>
      pythonCommand({
        packages: packages(),
        args: ['-m', 'uvicorn', 'fastapi_census:app', '--host', '127.0.0.1', '--port', '{port}'],
        env,
      })
    beforeAll(async () => {
      routerPath = await bundleRouter(folder)
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))
    afterEach(async () => {
      // The router and the servers outlive a run; its file says who they are.
      const saved = JSON.stringify(JSON.parse(readFileSync(join(state, 'router.json'), 'utf8')))
      const pids = [...saved.matchAll(/"pid":(\d+)/g)].map(([, pid]) => Number(pid))
      for (const pid of new Set(pids)) await servers.stop(pid)
    })

    async function deploy(canary: Record<string, string>, probe: object) {
      const project = mkdtempSync(join(folder, 'project-'))
      state = join(project, '.modelway-router')
      writeFileSync(join(project, 'golden.csv'), EXAMPLES)
      const port = await freePort()
      const section = {
        protocol: 'json',
        path: '/predict',
        answer: '/prediction',
        golden: { file: 'golden.csv', expected: [{ column: 'score', output: '/score' }] },
        ...probe,
      }
      const started: number[] = []
      const world = createDeployWorld({
        now: Date.now,
        folder: project,
        ports: {
          knownStable: async (stateDir) => savedStable(stateDir),
          openTarget: async (options) => createEmbeddedTarget({ ...options, routerPath }),
          sleep,
          openEndpoint: createEndpoints(ProbeSection.parse(section), {
            env: {},
            healthPath: '/health',
          }),
          servers: {
            ...servers,
            start: async (request) => {
              const running = await servers.start(request)
              started.push(running.pid)
              return running
            },
          },
        },
      })
      const users = new AbortController()
      const answered = useService(`http://127.0.0.1:${port}/predict`, users.signal)
      try {
        const outcome = await world.deploy({
          mode: 'canary',
          steps: [50, 100],
          interval: '400ms',
          'min-requests': 10,
          'health-path': '/health',
          horizon: '20s',
          'max-hold': '0ms',
          listen: { host: '127.0.0.1', port },
          analysis: [{ metric: 'error-rate', 'at-most': 0.1 }],
          backends: {
            stable: { version: 'census-1', command: command() },
            canary: { command: command(canary) },
          },
          probe: section,
        })
        return { outcome, world, started, answers: () => answered }
      } finally {
        users.abort()
        await answered
      }
    }

    it('meets users after it has answered the examples, and is watched while it does', async () => {
      const { outcome, answers } = await deploy({}, { 'warm-up': 5, watch: { every: '50ms' } })
      expect(outcome).toMatchObject({
        decision: 'pass',
        predicate: {
          outcome: 'promoted',
          probe: {
            protocol: 'json',
            checks: [
              { name: 'health', status: 'pass' },
              { name: 'warm-up', status: 'pass' },
              { name: 'golden', status: 'pass' },
            ],
            watch: { canaryFailures: 0, stop: null },
          },
        },
      })
      expect((await answers()).every((status) => status === 200)).toBe(true)
    })

    it('meets nobody where its answers are not those that were evaluated, and its server is stopped', async () => {
      const { outcome, started, answers } = await deploy(
        { MODEL_WEIGHT: '2' },
        { 'on-failure': 'fail' },
      )
      expect(outcome).toMatchObject({
        decision: 'fail',
        predicate: {
          outcome: 'aborted',
          weight: 0,
          reason: expect.stringContaining(
            '3 of 3 examples are answered otherwise than expected: row 1: "score" is 0, not -1',
          ),
        },
      })
      expect(await answers()).not.toContain(502)
      expect(started).toHaveLength(2)
      expect(() => process.kill(started[1] ?? 0, 0)).toThrow()
    })

    it('goes back from one that stops answering its own address, before users are asked', async () => {
      const probe = { timeout: '60ms', watch: { every: '20ms', failures: 2 } }
      const run = deploy({ MODEL_SECONDS: '0.1' }, { ...probe, 'on-failure': 'warn' })
      const { outcome } = await run
      expect(outcome).toMatchObject({ decision: 'fail', predicate: { outcome: 'rolled-back' } })
      const { probe: found } = outcome.predicate as { probe: { watch: { stop: string } } }
      expect(found.watch.stop).toMatch(
        /^The canary did not answer 2 checks in a row: MW-DEPLOY-345/,
      )
    })
  },
)

/** Sends requests one after the other as users would, until it is told to stop; gives the statuses of those that were answered. */
async function useService(url: string, signal: AbortSignal): Promise<readonly number[]> {
  const statuses: number[] = []
  const headers = { 'content-type': 'application/json' }
  while (!signal.aborted) {
    try {
      const response = await fetch(url, { method: 'POST', headers, body: BODY })
      await response.arrayBuffer()
      statuses.push(response.status)
    } catch {
      // The router has not started yet.
      await sleep(50, signal)
    }
  }
  return statuses
}
