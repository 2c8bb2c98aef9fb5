import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { UserError } from '../../../../../src/errors.js'
import {
  bundleRouter,
  close,
  createBench,
  eventually,
  freePort,
  infer,
  inferMany,
  listen,
  type RouterFileView,
  routerFile,
  tempFolder,
} from './harness.js'

const folder = tempFolder()
let routerPath = ''
beforeAll(async () => {
  routerPath = await bundleRouter(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const bench = createBench(() => routerPath)
afterEach(() => bench.end())

const ROLLOUT = { id: 'r1', owner: 'test', state: null }

function control(file: RouterFileView, path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${file.token}`, 'content-type': 'application/json' }
  return fetch(file.control + path, { headers, ...init })
}

describe('the data port', () => {
  it('passes answers through unchanged, names the version, and hides hop-by-hop headers', async () => {
    const stable = await bench.model({ version: 'v1', predict: (row) => row * 2 })
    const { target } = bench.target(stable.backend)
    const { url } = (await target.observe()).state
    const answer = await new Promise<{ status: number; headers: Record<string, unknown> }>(
      (resolve, reject) => {
        const outgoing = request(
          `${url}/v2/models/m/infer`,
          {
            method: 'POST',
            headers: { connection: 'keep-alive, x-secret', 'x-secret': '1', 'x-kept': '2' },
          },
          (response) => {
            response.resume()
            response.on('end', () =>
              resolve({ status: response.statusCode ?? 0, headers: response.headers }),
            )
          },
        )
        outgoing.on('error', reject)
        outgoing.end('{"id":"3"}')
      },
    )
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'x-modelway-version': 'v1', 'x-answered-by': 'v1' },
    })
    const seen = stable.requests[0]?.headers
    expect(seen).toMatchObject({ 'x-kept': '2', 'x-forwarded-for': '127.0.0.1' })
    expect(seen).not.toHaveProperty('x-secret')
    expect((await infer(url, 21)).body.outputs).toMatchObject([{ data: [42] }])
  })

  it('streams bodies that are too large to hold, whole and in order', async () => {
    const echo = createServer((incoming, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' })
      incoming.pipe(response)
    })
    const port = await listen(echo)
    const backend = { version: 'echo', url: `http://127.0.0.1:${port}` }
    const { target } = bench.target(backend, { healthPath: '' })
    const { url } = (await target.observe()).state
    const sent = Buffer.alloc(5_000_000, 'modelway ')
    const response = await fetch(url, { method: 'POST', body: sent })
    expect(Buffer.from(await response.arrayBuffer()).equals(sent)).toBe(true)
    await close(echo)
  })

  it('answers 502 with a JSON error while stable is down, and counts it', async () => {
    const backend = { version: 'v1', url: `http://127.0.0.1:${await freePort()}` }
    const { target } = bench.target(backend)
    const { url } = (await target.observe()).state
    const answer = await infer(url, 1)
    expect(answer).toMatchObject({ status: 502, version: 'v1' })
    expect(answer.body.error).toMatch(/v1 is not reachable/)
    const { stable } = (await target.observe()).reading
    expect(stable).toMatchObject({ requests: 1, errors: 1, unreachable: 1 })
  })

  it('answers 504 when a version takes too long, and counts it as an error', async () => {
    const stable = await bench.model({ version: 'v1', hangs: true })
    const { target } = bench.target(stable.backend, { settings: { requestTimeoutMs: 100 } })
    const { url } = (await target.observe()).state
    expect(await infer(url, 1)).toMatchObject({ status: 504 })
    expect((await target.observe()).reading.stable).toMatchObject({ errors: 1, unreachable: 1 })
    expect(stable.requests).toHaveLength(1)
  })

  it('passes on that a version broke off its answer, and counts it as an error', async () => {
    const breaking = createServer((incoming, response) => {
      incoming.resume()
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"outputs":')
      setTimeout(() => response.destroy(), 20)
    })
    const url = `http://127.0.0.1:${await listen(breaking)}`
    const { target } = bench.target({ version: 'v1', url }, { healthPath: '' })
    const { state } = await target.observe()
    await expect(infer(state.url, 1)).rejects.toThrow()
    await eventually(async () => (await target.observe()).reading.stable.errors === 1)
    await close(breaking)
  })

  it('does not hold it against a version that a client went away', async () => {
    const stable = await bench.model({ version: 'v1', hangs: true })
    const { target } = bench.target(stable.backend)
    const { url } = (await target.observe()).state
    const leaving = new AbortController()
    const left = fetch(url, { method: 'POST', body: '{}', signal: leaving.signal })
    await eventually(() => stable.requests.length === 1)
    leaving.abort()
    await expect(left).rejects.toThrow()
    expect((await target.observe()).reading.stable).toMatchObject({ requests: 0, errors: 0 })
  })

  it('counts 5xx answers as errors and 4xx answers not', async () => {
    const stable = await bench.model({ version: 'v1', status: (row) => (row < 3 ? 500 : 400) })
    const { target } = bench.target(stable.backend)
    await inferMany((await target.observe()).state.url, 8)
    expect((await target.observe()).reading.stable).toMatchObject({
      requests: 8,
      errors: 3,
      unreachable: 0,
    })
  })

  it('gives the same person the same version, and keeps whoever met the canary when it grows', async () => {
    const stable = await bench.model({ version: 'v1' })
    const canary = await bench.model({ version: 'v2' })
    const { target } = bench.target(stable.backend, { settings: { stickyHeader: 'X-User' } })
    await target.prepare(ROLLOUT, canary.backend)
    const { url } = await target.set({ weight: 30, mirror: 0 })
    const ask = async () => {
      const met = new Map<number, string>()
      for (let user = 0; user < 60; user++) {
        met.set(user, (await infer(url, 1, { 'x-user': `user ${user}` })).version)
      }
      return met
    }
    const first = await ask()
    expect(await ask()).toEqual(first)
    await target.set({ weight: 60, mirror: 0 })
    const later = await ask()
    const metCanary = [...first].filter(([, version]) => version === 'v2')
    expect(metCanary.length).toBeGreaterThan(5)
    for (const [user] of metCanary) expect(later.get(user)).toBe('v2')
    expect((await target.observe()).reading.canary.assigned).toBe(0)
  })
})

describe('a canary in trouble', () => {
  it('that refuses connections costs users nothing, but is counted against it', async () => {
    const stable = await bench.model({ version: 'v1' })
    const canary = await bench.model({ version: 'v2' })
    const { target } = bench.target(stable.backend, { settings: { healthIntervalMs: 60_000 } })
    await target.prepare(ROLLOUT, canary.backend)
    const { url } = await target.set({ weight: 50, mirror: 0 })
    await canary.close()
    const answers = await inferMany(url, 100)
    expect(answers.every(({ status, version }) => status === 200 && version === 'v1')).toBe(true)
    const { canary: arm } = (await target.observe()).reading
    expect(arm.errors).toBe(arm.assigned)
    expect(arm.errors).toBeGreaterThan(20)
  })

  it('is taken out of service after failed health checks, and says so', async () => {
    let healthy = true
    const stable = await bench.model({ version: 'v1' })
    const canary = await bench.model({ version: 'v2', healthy: () => healthy })
    const { target } = bench.target(stable.backend)
    await target.prepare(ROLLOUT, canary.backend)
    const { url } = await target.set({ weight: 50, mirror: 0 })
    healthy = false
    await eventually(async () => (await target.observe()).state.ejected !== undefined)
    const { state, reading } = await target.observe()
    expect(state).toMatchObject({ weight: 0, ejected: 'failed 3 health checks in a row' })
    expect(state.rollout).toEqual(ROLLOUT)
    expect(reading.canaryReachable).toBe(false)
    expect((await inferMany(url, 20)).every(({ version }) => version === 'v1')).toBe(true)
    expect((await target.set({ weight: 50, mirror: 0 })).weight).toBe(0)
  })
})

describe('mirroring', () => {
  it('never answers users, and counts agreement and disagreement', async () => {
    const stable = await bench.model({ version: 'v1', predict: () => 1 })
    const canary = await bench.model({ version: 'v2', predict: (row) => (row % 4 === 0 ? 0 : 1) })
    const { target } = bench.target(stable.backend, { settings: { mirrorConcurrency: 1000 } })
    await target.prepare(ROLLOUT, canary.backend)
    const { url } = await target.set({ weight: 0, mirror: 100 })
    const answers = await inferMany(url, 100)
    expect(answers.every(({ version }) => version === 'v1')).toBe(true)
    await eventually(async () => {
      const { agree, disagree } = (await target.observe()).reading.mirror
      return agree + disagree === 100
    })
    const { reading } = await target.observe()
    expect(reading.mirror).toMatchObject({ agree: 75, disagree: 25, canaryOnlyErrors: 0 })
    expect(reading.canary.requests).toBe(0)
    expect(canary.requests.every(({ mirrored }) => mirrored)).toBe(true)
  })

  it('sends the share of requests that was asked for', async () => {
    const stable = await bench.model({ version: 'v1' })
    const canary = await bench.model({ version: 'v2' })
    const { target } = bench.target(stable.backend, { settings: { mirrorConcurrency: 1000 } })
    await target.prepare(ROLLOUT, canary.backend)
    const { url } = await target.set({ weight: 0, mirror: 30 })
    await inferMany(url, 400)
    // Five standard deviations of Binomial(400, .3).
    await eventually(() => Math.abs(canary.requests.length - 120) < 46)
  })

  it('counts errors of one side apart from disagreement', async () => {
    const stable = await bench.model({ version: 'v1' })
    const canary = await bench.model({ version: 'v2', status: (row) => (row < 5 ? 500 : 200) })
    const { target } = bench.target(stable.backend)
    await target.prepare(ROLLOUT, canary.backend)
    const { url } = await target.set({ weight: 0, mirror: 100 })
    await inferMany(url, 10, { lanes: 1 })
    await eventually(async () => (await target.observe()).reading.mirror.agree === 5)
    const { mirror, stable: arm } = (await target.observe()).reading
    expect(mirror).toMatchObject({ canaryOnlyErrors: 5, stableOnlyErrors: 0, disagree: 0 })
    expect(arm.errors).toBe(0)
  })

  it('counts whose answer alone was slower than the bound of the rollout', async () => {
    const late = (rows: readonly number[]) => (row: number) => (rows.includes(row) ? 600 : 0)
    const stable = await bench.model({ version: 'v1', delayMs: late([0, 1]) })
    const canary = await bench.model({ version: 'v2', delayMs: late([1, 2, 3]) })
    const { target } = bench.target(stable.backend, { settings: { slowMs: 300 } })
    await target.prepare(ROLLOUT, canary.backend)
    const { url } = await target.set({ weight: 0, mirror: 100 })
    await inferMany(url, 6)
    await eventually(async () => (await target.observe()).reading.mirror.agree === 6)
    const { mirror } = (await target.observe()).reading
    expect(mirror).toMatchObject({ canaryOnlySlow: 2, stableOnlySlow: 1, disagree: 0 })
  })

  it('to a version that hangs keeps no user waiting and is bounded', async () => {
    const stable = await bench.model({ version: 'v1' })
    const canary = await bench.model({ version: 'v2', hangs: true })
    const { target } = bench.target(stable.backend, {
      settings: { mirrorConcurrency: 4, mirrorTimeoutMs: 60_000 },
    })
    await target.prepare(ROLLOUT, canary.backend)
    const { url } = await target.set({ weight: 0, mirror: 100 })
    const answers = await inferMany(url, 100)
    expect(answers.every(({ status, version }) => status === 200 && version === 'v1')).toBe(true)
    expect(canary.requests).toHaveLength(4)
    expect((await target.observe()).reading.mirror).toMatchObject({
      discarded: 96,
      agree: 0,
      disagree: 0,
      canaryOnlyErrors: 0,
    })
  })
})

describe('predictions', () => {
  it('are logged with id, version and value, and read on from a cursor', async () => {
    const stable = await bench.model({ version: 'v1', predict: (row) => row + 0.5 })
    const { target, stateDir } = bench.target(stable.backend)
    const { state, cursor } = await target.observe()
    await infer(state.url, 1)
    await infer(state.url, 2, { 'x-request-id': 'naïve'.normalize('NFD').replace(/[^\w]/g, '|') })
    const first = await target.observe(cursor)
    const latencyMs = expect.any(Number)
    expect(first.samples).toEqual([
      { requestId: '1', version: 'stable', mirrored: false, prediction: '1.5', latencyMs },
      { requestId: 'nai|ve', version: 'stable', mirrored: false, prediction: '2.5', latencyMs },
    ])
    await infer(state.url, 3)
    const second = await target.observe(first.cursor)
    expect(second.samples.map(({ requestId }) => requestId)).toEqual(['3'])
    expect((await target.observe(second.cursor)).samples).toEqual([])
    const file = join(stateDir, 'predictions.jsonl')
    await eventually(() => readFileSync(file, 'utf8').split('\n').length === 4)
    const line = JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '')
    expect(line).toMatchObject({
      id: '1',
      version: 'v1',
      status: 200,
      outputs: { prediction: 1.5 },
    })
  })

  it('never fill the disk', async () => {
    const stable = await bench.model({ version: 'v1' })
    const { target, stateDir } = bench.target(stable.backend, { settings: { maxLogBytes: 4000 } })
    await inferMany((await target.observe()).state.url, 200)
    await target.shutdown()
    await eventually(() => routerFile(stateDir).pid === null)
    const sizes = ['predictions.jsonl', 'predictions.jsonl.1'].map(
      (name) => statSync(join(stateDir, name)).size,
    )
    for (const size of sizes) expect(size).toBeLessThanOrEqual(4000)
    expect(sizes[1]).toBeGreaterThan(3000)
  })
})

describe('the control port', () => {
  it('answers 401 without the token, and keeps the token to its owner', async () => {
    const stable = await bench.model({ version: 'v1' })
    const { target, stateDir } = bench.target(stable.backend)
    await target.observe()
    const file = routerFile(stateDir)
    expect((await fetch(`${file.control}/state`)).status).toBe(401)
    const wrong = { headers: { authorization: `Bearer ${'0'.repeat(64)}` } }
    expect((await fetch(`${file.control}/state`, wrong)).status).toBe(401)
    expect((await control(file, '/state')).status).toBe(200)
    expect(statSync(join(stateDir, 'router.json')).mode & 0o777).toBe(0o600)
  })

  it('answers 409 to a write on an old revision, and changes nothing', async () => {
    const stable = await bench.model({ version: 'v1' })
    const canary = await bench.model({ version: 'v2' })
    const { target, stateDir } = bench.target(stable.backend)
    await target.prepare(ROLLOUT, canary.backend)
    const { revision } = routerFile(stateDir).traffic
    const put = (body: object) =>
      control(routerFile(stateDir), '/weights', { method: 'PUT', body: JSON.stringify(body) })
    expect((await put({ canary: 10, revision })).status).toBe(200)
    const conflict = await put({ canary: 90, revision })
    expect(conflict.status).toBe(409)
    expect(await conflict.json()).toMatchObject({ traffic: { weight: 10, revision: revision + 1 } })
    expect(routerFile(stateDir).traffic.weight).toBe(10)
  })

  it.each([
    ['a weight over 100', { canary: 101, revision: 0 }, 400],
    ['no revision', { canary: 1 }, 400],
    ['an unknown key', { canary: 1, revision: 0, weights: 2 }, 400],
    ['a weight without a canary', { canary: 1, revision: 0 }, 422],
  ])('refuses %s', async (_name, body, status) => {
    const stable = await bench.model({ version: 'v1' })
    const { target, stateDir } = bench.target(stable.backend)
    await target.observe()
    const init = { method: 'PUT', body: JSON.stringify(body) }
    expect((await control(routerFile(stateDir), '/weights', init)).status).toBe(status)
    expect((await target.observe()).state.weight).toBe(0)
  })

  it('shows Prometheus the counters, the latency histogram and the weights', async () => {
    const stable = await bench.model({ version: 'v1', status: (row) => (row === 0 ? 500 : 200) })
    const canary = await bench.model({ version: 'b"2\\\n' })
    const { target, stateDir } = bench.target(stable.backend)
    await target.prepare(ROLLOUT, canary.backend)
    await inferMany((await target.observe()).state.url, 10)
    await target.set({ weight: 25, mirror: 0 })
    const text = await (await fetch(`${routerFile(stateDir).control}/metrics`)).text()
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    const sample =
      /^[a-z_]+(\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"(,[a-z]+="(?:[^"\\\n]|\\["\\n])*")*\})? [-+.\deInf]+$/
    for (const line of lines) expect(line).toMatch(sample)
    expect(lines).toContain('modelway_router_requests_total{version="v1",result="2xx"} 9')
    expect(lines).toContain('modelway_router_requests_total{version="v1",result="5xx"} 1')
    expect(lines).toContain('modelway_router_request_duration_seconds_count{version="v1"} 10')
    expect(lines).toContain('modelway_router_weight{version="v1"} 75')
    expect(lines).toContain('modelway_router_weight{version="b\\"2\\\\\\n"} 25')
  })
})

describe('the life of the router', () => {
  it('resumes with the same port, weights and rollout after it was killed', async () => {
    const stable = await bench.model({ version: 'v1' })
    const canary = await bench.model({ version: 'v2' })
    const { target, stateDir } = bench.target(stable.backend)
    await target.prepare(ROLLOUT, canary.backend)
    const before = await target.set({ weight: 40, mirror: 10 })
    const { epoch } = (await target.observe()).reading
    const { pid } = routerFile(stateDir)
    process.kill(pid ?? 0, 'SIGKILL')
    await eventually(() => !isRunning(pid ?? 0))
    const { state, reading } = await bench.target(stable.backend, { stateDir }).target.observe()
    expect(state).toEqual(before)
    expect(reading.epoch).not.toBe(epoch)
    const answers = await inferMany(state.url, 50)
    expect(new Set(answers.map(({ version }) => version))).toEqual(new Set(['v1', 'v2']))
  })

  it('says which port is taken, in words that help', async () => {
    const other = createServer()
    const port = await listen(other)
    const stable = await bench.model({ version: 'v1' })
    const { target } = bench.target(stable.backend, { listen: { host: '127.0.0.1', port } })
    const attempt = target.observe()
    await expect(attempt).rejects.toThrow(UserError)
    await expect(attempt).rejects.toThrow(
      `MW-DEPLOY-001: deploy.listen: port ${port} on 127.0.0.1 is taken by another program`,
    )
    await close(other)
  })

  it('says so when the router cannot be started at all', async () => {
    const stable = await bench.model({ version: 'v1' })
    const { target } = bench.target(stable.backend, { routerPath: join(folder, 'missing.mjs') })
    await expect(target.observe()).rejects.toThrow(/MW-DEPLOY-002: .*the router did not start/s)
  })

  it('refuses a state file that it cannot understand, and leaves it as it is', async () => {
    const stable = await bench.model({ version: 'v1' })
    const { target, stateDir } = bench.target(stable.backend)
    await target.observe()
    process.kill(routerFile(stateDir).pid ?? 0, 'SIGKILL')
    writeFileSync(join(stateDir, 'router.json'), '{"version": 1, "to')
    await expect(target.observe()).rejects.toThrow(/MW-DEPLOY-003/)
    expect(readFileSync(join(stateDir, 'router.json'), 'utf8')).toBe('{"version": 1, "to')
  })

  it('loses no request when it is told to stop under load', async () => {
    const stable = await bench.model({ version: 'v1', delayMs: () => 30 })
    const { target, stateDir } = bench.target(stable.backend)
    const { url } = (await target.observe()).state
    const { pid } = routerFile(stateDir)
    const underWay = Promise.all(Array.from({ length: 50 }, (_, row) => infer(url, row)))
    await eventually(() => stable.requests.length === 50)
    process.kill(pid ?? 0, 'SIGTERM')
    expect((await underWay).every(({ status }) => status === 200)).toBe(true)
    await eventually(() => routerFile(stateDir).pid === null && !isRunning(pid ?? 0))
  })

  it('loses no request while weights change under load', async () => {
    const stable = await bench.model({ version: 'v1' })
    const canary = await bench.model({ version: 'v2' })
    const { target } = bench.target(stable.backend)
    await target.prepare(ROLLOUT, canary.backend)
    const { url } = (await target.observe()).state
    const load = inferMany(url, 1500, { lanes: 8 })
    for (let change = 1; change <= 40; change++) {
      await target.set({ weight: (change * 37) % 101, mirror: 0 })
    }
    const answers = await load
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    expect(answers).toHaveLength(1500)
  })
})

function isRunning(pid: number): boolean {
  try {
    // A killed child of ours stays as a zombie until Node has reaped it.
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
