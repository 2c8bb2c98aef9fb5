import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { openSignals } from '../../../src/adapters/telemetry/index.js'
import { SignalsSection } from '../../../src/config/deploy/signals.js'
import { ensurePrometheusPrograms } from '../../../tools/install/prometheus.js'
import { systemSuite } from '../system-suite.js'
import { type MonitoringStack, startMonitoring } from './server.js'

// @evidence Prometheus, what users met: live (2.42.0)
await systemSuite(
  'Prometheus as the signals of a rollout',
  ensurePrometheusPrograms,
  (programs) => {
    let stack: MonitoringStack
    beforeAll(async () => {
      stack = await startMonitoring(programs())
    })
    afterAll(() => stack?.close())

    /** Counters as two pods of one version and one of another have them, once Prometheus has seen them. */
    async function count(values: Record<string, number>): Promise<number> {
      const lines = Object.entries(values).map(([series, value]) => `${series} ${value}`)
      await writeFile(join(stack.textfiles, 'model.prom'), `${lines.join('\n')}\n`)
      for (const [series, value] of Object.entries(values)) {
        await stack.until(series, ([first]) => Number(first?.value[1]) === value)
      }
      await sleep(1100)
      return Date.now()
    }

    it('counts what each version did between two times, exactly, over restarts and new series', async () => {
      const requests = (pod: string, code: number) =>
        `model_requests_total{model="${pod.slice(0, 2)}",pod="${pod}",code="${code}"}`
      const bucket = (le: string) => `model_seconds_bucket{model="m2",le="${le}"}`
      const from = await count({
        [requests('m1-a', 200)]: 1000,
        [requests('m1-b', 200)]: 500,
        [requests('m2-a', 200)]: 40,
        [bucket('0.1')]: 30,
        [bucket('+Inf')]: 40,
      })
      const between = await count({
        [requests('m1-a', 200)]: 1010,
        [requests('m1-b', 200)]: 7,
        [requests('m2-a', 200)]: 45,
        [requests('m2-a', 500)]: 2,
        [bucket('0.1')]: 33,
        [bucket('+Inf')]: 47,
      })
      const to = await count({
        [requests('m1-a', 200)]: 1015,
        [requests('m1-b', 200)]: 8,
        [requests('m2-a', 200)]: 45,
        [requests('m2-a', 500)]: 3,
        [bucket('0.1')]: 33,
        [bucket('+Inf')]: 48,
      })
      const { prometheus } = SignalsSection.parse({
        prometheus: {
          url: stack.prometheus,
          requests: 'model_requests_total{model="{name}"}',
          errors: 'model_requests_total{model="{name}",code=~"5.."}',
          latency: 'model_seconds_bucket{model="{name}"}',
        },
      })
      const signals = await openSignals(
        { prometheus },
        { env: {}, signal: new AbortController().signal },
      )
      const versions = { stable: 'm1', canary: 'm2' }
      const first = await signals?.between({ from, to: between, ...versions })
      const second = await signals?.between({ from: between, to, ...versions })
      // 10 of one pod, and 7 since the other began anew.
      expect(first?.counters.stable).toMatchObject({ requests: 17, errors: 0 })
      expect(first?.counters.canary).toMatchObject({ requests: 7, errors: 2, latency: [3, 4] })
      expect(first?.latencyBounds).toEqual([100])
      expect(second?.counters.stable).toMatchObject({ requests: 6, errors: 0 })
      expect(second?.counters.canary).toMatchObject({ requests: 1, errors: 1, latency: [0, 1] })
    }, 60_000)
  },
)
