import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ensureModelServer } from '../../../tools/install/model-servers.js'
import { systemSuite } from '../system-suite.js'
import { probe } from './probe.js'
import { freePort, type RunningModelServer, startModelServer } from './server.js'

const EXAMPLES = 'age,hours,capital,score\n1,2,3,-1\n0.5,-1,0,0\n-2,4,1.5,-1.5\n'

// @evidence KServe's Python server: live (0.21.0, v1, v2 and gRPC)
await systemSuite(
  "KServe's Python server",
  () => ensureModelServer('kserve'),
  (packages) => {
    const folder = mkdtempSync(join(tmpdir(), 'modelway-kserve-'))
    const file = join(folder, 'golden.csv')
    let server: RunningModelServer
    let grpcUrl = ''
    beforeAll(async () => {
      writeFileSync(file, EXAMPLES)
      const grpc = await freePort()
      grpcUrl = `http://127.0.0.1:${grpc}`
      const script = fileURLToPath(new URL('serve_kserve.py', import.meta.url))
      server = await startModelServer({
        packages: packages(),
        args: [script, '--http_port', '{port}', '--grpc_port', String(grpc)],
        healthPath: '/v2/health/ready',
      })
    })
    afterAll(async () => {
      await server?.close()
      rmSync(folder, { recursive: true, force: true })
    })

    describe.each(['v1', 'v2', 'v2-grpc'] as const)('asked by %s', (protocol) => {
      const ask = (settings: object = {}) =>
        probe({
          url: protocol === 'v2-grpc' ? grpcUrl : server.url,
          settings: {
            protocol,
            model: 'census',
            golden: { file, expected: [{ column: 'score' }] },
            latency: { requests: 60, concurrency: 2, 'p95-under': '2s' },
            ...settings,
          },
        })

      it('is healthy, answers the examples and is quick enough', async () => {
        const checks = await ask()
        expect(Object.values(checks).map(({ status }) => status)).toEqual(['pass', 'pass', 'pass'])
      })

      it('is refused where an answer differs by more than the tolerance', async () => {
        writeFileSync(join(folder, 'wrong.csv'), EXAMPLES.replace(',-1.5', ',-1.4'))
        const golden = { file: join(folder, 'wrong.csv'), expected: [{ column: 'score' }] }
        const { golden: check } = await ask({ golden })
        expect(check?.text).toContain('row 3: "score" is -1.5, not -1.4')
        const near = await ask({ golden: { ...golden, tolerance: 0.1 } })
        expect(near.golden?.status).toBe('pass')
      })

      it('is refused where it has no such model', async () => {
        const checks = await ask({ model: 'nothing' })
        expect(checks.health).toMatchObject({ status: 'fail' })
        expect(Object.keys(checks)).toEqual(['health'])
      })
    })

    it.each(['v2', 'v2-grpc'] as const)('says its schema by %s', async (protocol) => {
      const url = protocol === 'v2' ? server.url : grpcUrl
      const outputs = [{ name: 'score', datatype: 'FP64', shape: [-1] }]
      const checks = await probe({
        url,
        settings: { protocol, model: 'census', schema: { outputs } },
      })
      expect(checks.schema).toMatchObject({ status: 'pass' })
    })
  },
)
