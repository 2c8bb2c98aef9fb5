import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { command } from '../../../tools/install/command.js'
import { ensureModelServer } from '../../../tools/install/model-servers.js'
import { systemSuite } from '../system-suite.js'
import { probe } from './probe.js'
import { freePort, type RunningModelServer, startModelServer } from './server.js'

const START =
  "import sys; from mlserver.cli import main; sys.argv = ['mlserver', 'start', sys.argv[1]]; main()"
const SCHEMA = {
  inputs: [{ name: 'features', datatype: 'FP64', shape: [-1, 3] }],
  outputs: [
    { name: 'predict_proba', datatype: 'FP64', shape: [-1, 2] },
    { name: 'predict', datatype: 'INT64', shape: [-1, 1] },
  ],
}

// @evidence MLServer: live (1.7.1, scikit-learn, REST and gRPC)
await systemSuite(
  'MLServer',
  () => ensureModelServer('mlserver'),
  (packages) => {
    const folder = mkdtempSync(join(tmpdir(), 'modelway-mlserver-'))
    let server: RunningModelServer
    let grpcUrl = ''
    beforeAll(async () => {
      const script = fileURLToPath(new URL('train_census.py', import.meta.url))
      const env = { ...process.env, PYTHONPATH: packages() }
      await command('python3', [script, folder], { env })
      const [grpc, metrics] = [await freePort(), await freePort()]
      grpcUrl = `http://127.0.0.1:${grpc}`
      server = await startModelServer({
        packages: packages(),
        args: ['-c', START, folder],
        healthPath: '/v2/models/census/ready',
        env: {
          MLSERVER_HOST: '127.0.0.1',
          MLSERVER_HTTP_PORT: '{port}',
          MLSERVER_GRPC_PORT: String(grpc),
          MLSERVER_METRICS_PORT: String(metrics),
          MLSERVER_PARALLEL_WORKERS: '0',
        },
      })
    })
    afterAll(async () => {
      await server?.close()
      rmSync(folder, { recursive: true, force: true })
    })

    describe.each(['v2', 'v2-grpc'] as const)('asked by %s', (protocol) => {
      const golden = {
        file: join(folder, 'golden.csv'),
        inputs: ['age', 'hours', 'capital'],
        expected: [{ column: 'label', output: 'predict' }],
      }
      const ask = (settings: object, stableUrl?: string) =>
        probe({
          url: protocol === 'v2' ? server.url : grpcUrl,
          stableUrl,
          settings: { protocol, model: 'census', golden, ...settings },
        })

      it('is healthy, says its schema, answers the examples and is quick enough', async () => {
        const checks = await ask({
          schema: SCHEMA,
          'warm-up': 10,
          latency: { requests: 100, concurrency: 2, 'p95-under': '2s' },
        })
        expect(checks.health?.text).toBe('The server is live, ready, model ready.')
        expect(Object.entries(checks).map(([name, { status }]) => [name, status])).toEqual([
          ['health', 'pass'],
          ['schema', 'pass'],
          ['warm-up', 'pass'],
          ['golden', 'pass'],
          ['latency', 'pass'],
        ])
        expect(checks.golden?.text).toBe('All 40 examples are answered as expected.')
      })

      it('is refused where its answers are not those that were evaluated', async () => {
        const rows = (await readFile(golden.file, 'utf8')).trim().split(/\r?\n/)
        const wrong = rows.map((row, i) =>
          i === 3 ? row.replace(/,(\d),/, (_, label) => `,${1 - label},`) : row,
        )
        const file = join(folder, `wrong-${protocol}.csv`)
        await writeFile(file, wrong.join('\n'))
        const { golden: check } = await ask({ golden: { ...golden, file } })
        expect(check?.status).toBe('fail')
        expect(check?.text).toMatch(
          /^1 of 40 examples are answered otherwise than expected: row 3: "label" is [01], not [01]\.$/,
        )
      })

      it('is refused where its schema is another, and fits itself', async () => {
        const inputs = [{ name: 'features', datatype: 'FP32', shape: [-1, 4] }]
        const { schema } = await ask({ schema: { inputs } })
        expect(schema).toEqual({
          name: 'schema',
          status: 'fail',
          text: 'input "features" is "FP64", not "FP32"; input "features" has the shape [-1,3], not [-1,4].',
        })
        const same = await ask({ schema: 'stable' }, protocol === 'v2' ? server.url : grpcUrl)
        expect(same.schema?.status).toBe('pass')
      })

      it('is refused where it has no such model, and is asked nothing more', async () => {
        const checks = await ask({ model: 'nothing', 'warm-up': 5 })
        expect(Object.keys(checks)).toEqual(['health'])
        expect(checks.health).toMatchObject({
          status: 'fail',
          text: expect.stringMatching(/not found/i),
        })
      })

      it('is refused with its own words where it cannot take what is sent', async () => {
        const inputs = [{ name: 'features', datatype: 'FP64', columns: ['age', 'hours'] }]
        const { golden: check } = await ask({ inputs })
        expect(check?.status).toBe('fail')
        expect(check?.text).toMatch(/MW-DEPLOY-34[56]/)
      })
    })

    it('gives by REST and by gRPC the shares that scikit-learn gave, which it gives only when asked for', async () => {
      const expected = [
        { column: 'no', output: 'predict_proba', index: 0 },
        { column: 'yes', output: 'predict_proba', index: 1 },
      ]
      const golden = {
        file: join(folder, 'golden.csv'),
        inputs: ['age', 'hours', 'capital'],
        expected,
      }
      const inputs = [{ name: 'features', datatype: 'FP64' }]
      for (const [protocol, url] of [
        ['v2', server.url],
        ['v2-grpc', grpcUrl],
      ] as const) {
        const checks = await probe({ url, settings: { protocol, model: 'census', golden, inputs } })
        expect(checks.golden?.text).toBe('All 40 examples are answered as expected.')
      }
    })
  },
)
