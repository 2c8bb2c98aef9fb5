import { rmSync } from 'node:fs'
import { afterAll, beforeAll } from '@jest/globals'
import { trafficContract } from '../../../../contracts/traffic.contract.js'
import { bundleRouter, createBench, freePort, inferMany, tempFolder } from './harness.js'

const folder = tempFolder()
let routerPath = ''
beforeAll(async () => {
  routerPath = await bundleRouter(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// @evidence Embedded router: live (the built router in a process of its own)
trafficContract('the embedded router', async () => {
  const bench = createBench(() => routerPath)
  const stable = await bench.model({ version: 'model 1' })
  const canary = await bench.model({ version: 'naïve|<b>2' })
  const { target, stateDir } = bench.target(stable.backend)
  return {
    target,
    again: () => bench.target(stable.backend, { stateDir }).target,
    stable: stable.backend,
    canary: canary.backend,
    dead: { version: 'dead', url: `http://127.0.0.1:${await freePort()}` },
    async send(count) {
      const { url } = (await target.observe()).state
      const answers = await inferMany(url, count, { lanes: 4 })
      return answers.map(({ version }) => decodeURIComponent(version))
    },
    end: bench.end,
  }
})
