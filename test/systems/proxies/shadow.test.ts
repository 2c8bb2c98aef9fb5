import { appendFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { answersWanted } from '../../../src/actions/deploy-canary/logged-answers.js'
import { openSignals } from '../../../src/adapters/telemetry/index.js'
import { createTraffic } from '../../../src/adapters/traffic/index.js'
import { DeploySection } from '../../../src/config/deploy.js'
import { createWorkspace } from '../../../src/files/workspace.js'
import { ensureEnvoy } from '../../../tools/install/envoy.js'
import { ensureNginx } from '../../../tools/install/nginx.js'
import { ensureTraefik } from '../../../tools/install/traefik.js'
import { createDeployWorld } from '../../unit/actions/deploy-canary/deploy-world.js'
import { readers } from '../../unit/adapters/telemetry/predictions/arrange.js'
import { startEnvoy } from '../envoy/server.js'
import { underLoad, type Version } from '../haproxy/versions.js'
import { startNginx } from '../nginx/server.js'
import { systemSuite } from '../system-suite.js'
import { startTraefik } from '../traefik/server.js'
import { TOOLS } from './bench.js'

interface Running {
  readonly port: number
  readonly versions: readonly [Version, Version]
  readonly section: object
  close(): Promise<void>
}

const proxies: Readonly<Record<string, () => Promise<() => Promise<Running>>>> = {
  envoy: async () => {
    const program = await ensureEnvoy()
    return async () => {
      const { admin, ...envoy } = await startEnvoy(program)
      const mirror = { 'runtime-key': 'model.mirror', cluster: 'model-2' }
      const split = { 'runtime-key-prefix': 'split', origin: 'external' }
      return { ...envoy, section: { admin, mirror, ...split } }
    }
  },
  traefik: async () => {
    const program = await ensureTraefik()
    return async () => {
      const { file, api, ...traefik } = await startTraefik(program)
      return { ...traefik, section: { file, api, service: 'model', 'copies-suffix': '-copies' } }
    }
  },
  nginx: async () => {
    const program = await ensureNginx()
    return async () => {
      const { file, configuration, status, accessLog: _log, ...nginx } = await startNginx(program)
      const words = [program, '-e', '/dev/null']
      return { ...nginx, section: { file, configuration, status, program: words } }
    }
  },
}

for (const [target, prepare] of Object.entries(proxies)) {
  await systemSuite(`a shadow on ${target}`, prepare, (start) => shadowsOn(target, start))
}

/** Model servers log their answers by the request's id, and do not know which requests are copies. */
function shadowsOn(target: string, start: () => () => Promise<Running>): void {
  describe('by what both model servers log', () => {
    const ends: (() => Promise<unknown>)[] = []
    afterEach(async () => {
      for (const end of ends.splice(0).reverse()) await end()
    })

    const shadow = async (predict: (id: string) => string, prepareCanary = (_: Version) => {}) => {
      const running = await start()()
      const folder = await mkdtemp(join(tmpdir(), 'modelway-shadow-'))
      ends.push(
        () => running.close(),
        () => rm(folder, { recursive: true, force: true }),
      )
      const log = join(folder, 'answers.jsonl')
      await writeFile(log, '')
      const [stable, canary] = running.versions
      const logged =
        (version: string, of: (id: string) => string) => (id: string, status: number) => {
          const record = { time: Date.now(), version, id, status, prediction: of(id), ms: 1 }
          appendFileSync(log, `${JSON.stringify(record)}\n`)
        }
      stable.watch(logged('model-1', () => 'stays'))
      canary.watch(logged('model-2', predict))
      prepareCanary(canary)
      const settings = {
        target,
        [target]: running.section,
        mode: 'shadow',
        backends: { stable: { version: 'census-1', name: 'model-1' }, canary: { name: 'model-2' } },
        ...{ interval: '500ms', settle: '300ms', 'health-path': '', 'state-dir': folder },
        analysis: [
          { metric: 'error-rate', role: 'guard' },
          { metric: 'disagreement', 'at-most': 0.2, role: 'both' },
          { metric: 'latency', over: '100ms' },
        ],
        signals: {
          predictions: {
            files: 'answers.jsonl',
            lag: '300ms',
            'clock-skew': '0s',
            columns: { latency: 'ms' },
          },
        },
      }
      const section = DeploySection.parse(settings)
      const answers = {
        wanted: answersWanted(section),
        workspace: createWorkspace(folder),
        readers,
        openEngine: async () => {
          throw new Error('no engine')
        },
      }
      const signal = new AbortController().signal
      const traffic = createTraffic({
        ...TOOLS,
        settings: section,
        env: process.env,
        home: folder,
        routerPath: '',
        register: undefined,
        openSignals: (otherwise, own) =>
          openSignals(section.signals, { env: {}, signal, otherwise, own, answers }),
        answers: async () => true,
      })
      const ports = { ...traffic, sleep: TOOLS.sleep }
      const world = createDeployWorld({ ports, folder, now: Date.now })
      let outcome: unknown
      const met = await underLoad(
        running.port,
        async () => {
          outcome = await world.deploy(settings)
        },
        20,
      )
      return { outcome, ...met }
    }

    it('passes where it answers as stable does, and no user meets it', async () => {
      const { outcome, sent, statuses } = await shadow(() => 'stays')
      expect(outcome).toMatchObject({ decision: 'pass', predicate: { outcome: 'shadowed' } })
      expect([...statuses]).toEqual([[200, sent]])
    }, 60_000)

    it('fails where it answers otherwise', async () => {
      const { outcome, sent, statuses } = await shadow((id) =>
        /^[0-7]/.test(id) ? 'stays' : 'goes',
      )
      expect(outcome).toMatchObject({ decision: 'fail', predicate: { outcome: 'shadowed' } })
      expect(JSON.stringify(outcome)).toContain('answers differ from stable')
      expect([...statuses]).toEqual([[200, sent]])
    }, 60_000)

    it('fails where it fails, which costs no user an answer', async () => {
      const { outcome, sent, statuses } = await shadow(
        () => 'stays',
        (canary) => canary.behave('fails'),
      )
      expect(outcome).toMatchObject({ decision: 'fail', predicate: { outcome: 'shadowed' } })
      expect(JSON.stringify(outcome)).toContain('error-rate is worse')
      expect([...statuses]).toEqual([[200, sent]])
    }, 60_000)
  })
}
