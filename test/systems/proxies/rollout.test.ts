import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createTraffic } from '../../../src/adapters/traffic/index.js'
import { DeploySection } from '../../../src/config/deploy.js'
import { ensureCaddy } from '../../../tools/install/caddy.js'
import { ensureEnvoy } from '../../../tools/install/envoy.js'
import { ensureHaproxy } from '../../../tools/install/haproxy.js'
import { ensureNginx } from '../../../tools/install/nginx.js'
import { ensureTraefik } from '../../../tools/install/traefik.js'
import { createDeployWorld } from '../../unit/actions/deploy-canary/deploy-world.js'
import { startCaddy } from '../caddy/server.js'
import { startEnvoy } from '../envoy/server.js'
import { startHaproxy } from '../haproxy/server.js'
import { underLoad, type Version } from '../haproxy/versions.js'
import { startNginx } from '../nginx/server.js'
import { systemSuite } from '../system-suite.js'
import { startTraefik } from '../traefik/server.js'
import { TOOLS } from './bench.js'

interface Running {
  readonly port: number
  readonly versions: readonly [Version, Version]
  /** `deploy.<target>` */
  readonly section: object
  close(): Promise<void>
}

const proxies: Readonly<Record<string, () => Promise<() => Promise<Running>>>> = {
  haproxy: async () => {
    const program = await ensureHaproxy()
    return async () => {
      const { socket, stateFile, ...haproxy } = await startHaproxy(program)
      return { ...haproxy, section: { socket, backend: 'model', 'state-file': stateFile } }
    }
  },
  envoy: async () => {
    const program = await ensureEnvoy()
    return async () => {
      const { admin, ...envoy } = await startEnvoy(program)
      return { ...envoy, section: { admin, 'runtime-key-prefix': 'split' } }
    }
  },
  traefik: async () => {
    const program = await ensureTraefik()
    return async () => {
      const { file, api, ...traefik } = await startTraefik(program)
      return { ...traefik, section: { file, api, service: 'model' } }
    }
  },
  nginx: async () => {
    const program = await ensureNginx()
    return async () => {
      const { file, configuration, status, accessLog, ...nginx } = await startNginx(program)
      const words = [program, '-e', '/dev/null']
      const section = { file, configuration, status, 'access-log': accessLog, program: words }
      return { ...nginx, section }
    }
  },
  caddy: async () => {
    const program = await ensureCaddy()
    return async () => {
      const { file, admin, ...caddy } = await startCaddy(program)
      return { ...caddy, section: { file, admin } }
    }
  },
}

for (const [target, prepare] of Object.entries(proxies)) {
  await systemSuite(`a whole rollout on ${target}`, prepare, (start) => rolloutsOn(target, start))
}

function rolloutsOn(target: string, start: () => () => Promise<Running>): void {
  describe('with users on kept connections', () => {
    const ends: (() => Promise<unknown>)[] = []
    afterEach(async () => {
      for (const end of ends.splice(0).reverse()) await end()
    })

    /** Rolls out the version `census-2`, which is the second one, and tells what users met meanwhile. */
    const rollOut = async (prepareCanary: (canary: Version) => void) => {
      const running = await start()()
      const folder = await mkdtemp(join(tmpdir(), 'modelway-rollout-'))
      ends.push(
        () => running.close(),
        () => rm(folder, { recursive: true, force: true }),
      )
      prepareCanary(running.versions[1])
      const settings = {
        target,
        [target]: running.section,
        backends: {
          stable: { version: 'census-1', name: 'model-1' },
          canary: { name: 'model-2' },
        },
        ...{ steps: [5, 50, 100], interval: '500ms', settle: '300ms', 'health-path': '' },
        'state-dir': folder,
      }
      const traffic = createTraffic({
        ...TOOLS,
        settings: DeploySection.parse(settings),
        env: process.env,
        home: folder,
        routerPath: '',
        register: undefined,
        openSignals: async (_otherwise, own) => own,
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
        10,
      )
      return { outcome, ...met }
    }

    it('ends with a good version, and loses no request', async () => {
      const { outcome, sent, statuses } = await rollOut(() => undefined)
      expect(outcome).toMatchObject({ decision: 'pass', predicate: { outcome: 'promoted' } })
      expect([...statuses]).toEqual([[200, sent]])
    }, 60_000)

    it('comes back from a bad one, after few failures', async () => {
      const { outcome, sent, statuses } = await rollOut((canary) => canary.behave('fails'))
      expect(outcome).toMatchObject({ decision: 'fail', predicate: { outcome: 'rolled-back' } })
      expect([...statuses.keys()].sort()).toEqual([200, 500])
      expect(statuses.get(500)).toBeLessThan(sent / 10)
    }, 60_000)
  })
}
