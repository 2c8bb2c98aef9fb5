import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { FEATURES, readRows, run, Script, temporaryFolder, writeSample } from './census-example.js'

interface Seen {
  readonly path: string | undefined
  readonly requestId: string | undefined
  readonly body: {
    readonly id: string
    readonly inputs: readonly { readonly name: string; readonly data: readonly number[] }[]
  }
}

/** A server that notes what it is asked; every fourth answer comes from version 2, and fails. */
class Recorder {
  readonly seen: Seen[] = []
  busy = 0
  busiest = 0
  readonly server: Server = createServer((request, response) => {
    if (request.method === 'GET') return void response.end()
    this.busy++
    this.busiest = Math.max(this.busiest, this.busy)
    void this.note(request).then(() => {
      this.busy--
      const canary = this.seen.length % 4 === 0
      response.writeHead(canary ? 503 : 200, { 'x-modelway-version': canary ? '2' : '1' })
      response.end('{}')
    })
  })

  async note(request: IncomingMessage): Promise<void> {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    await new Promise((done) => setTimeout(done, 5))
    const requestId = request.headers['x-request-id']
    this.seen.push({ path: request.url, requestId: String(requestId), body: JSON.parse(text) })
  }

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }
}

const folder = temporaryFolder()
const data = join(folder.path, '2017.csv')
let recorder: Recorder
const recorders: Recorder[] = []

beforeAll(() => writeSample({ year: 2017, step: 500, to: data }))
afterAll(() => folder.remove())
afterEach(() => {
  for (const { server } of recorders.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function startRecorder(): Promise<string> {
  recorder = new Recorder()
  recorders.push(recorder)
  return recorder.start()
}

async function replay(...args: string[]) {
  const url = await startRecorder()
  const finished = await run('replay.mjs', ['--url', url, '--data', data, ...args])
  expect(finished).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(finished.stdout)
}

describe('replay.mjs', () => {
  it('sends every person once, as a request that can be joined by id', async () => {
    const summary = await replay()
    const people = readRows(data)
    expect(summary.requests).toBe(people.length)
    expect(recorder.seen).toHaveLength(people.length)
    const byId = new Map(people.map((person) => [person['id'], person]))
    for (const { path, requestId, body } of recorder.seen) {
      expect(path).toBe('/v2/models/census/infer')
      expect(requestId).toBe(body.id)
      const person = byId.get(body.id)
      byId.delete(body.id)
      expect(body.inputs).toEqual(
        FEATURES.map((name) => ({
          ...{ name, shape: [1], datatype: 'INT64' },
          data: [Number(person?.[name])],
        })),
      )
    }
    expect(byId.size).toBe(0)
  })

  it('counts the answers by version and status', async () => {
    const summary = await replay('--limit', '100')
    expect(summary.byVersion).toEqual({ 1: { 200: 75 }, 2: { 503: 25 } })
  })

  it('keeps to the concurrency it is given', async () => {
    await replay('--limit', '40', '--concurrency', '3')
    expect(recorder.busiest).toBe(3)
  })

  it('sends the same people in the same order for the same seed', async () => {
    const ids = async (seed: string): Promise<string[]> => {
      await replay('--limit', '20', '--concurrency', '1', '--seed', seed)
      return recorder.seen.map(({ body }) => body.id)
    }
    const first = await ids('7')
    expect(await ids('7')).toEqual(first)
    expect(await ids('8')).not.toEqual(first)
    expect(first).not.toEqual(
      readRows(data)
        .slice(0, 20)
        .map((row) => row['id']),
    )
  })

  it('sends only what fits into the time at the rate it is given', async () => {
    const summary = await replay('--rate', '20', '--seconds', '0.5')
    // Due at 0, 50, …, 450 ms; a busy machine may miss some of them, but none may be added.
    expect(summary.requests).toBeGreaterThan(0)
    expect(summary.requests).toBeLessThanOrEqual(10)
  })

  it('sums up and ends with code 0 when it is told to stop', async () => {
    const url = await startRecorder()
    const script = new Script('replay.mjs', ['--url', url, '--data', data, '--rate', '10'])
    while (recorder.seen.length < 2) await new Promise((done) => setTimeout(done, 10))
    const { code, stdout } = await script.stop()
    expect(code).toBe(0)
    const { requests, byVersion } = JSON.parse(stdout)
    expect(requests).toBe(recorder.seen.length)
    expect(byVersion['1']['200']).toBeGreaterThan(0)
    expect(requests).toBeLessThan(readRows(data).length)
  })

  it('counts requests that nobody answers as failed', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const port = (closed.address() as AddressInfo).port
    closed.close()
    const args = ['--url', `http://127.0.0.1:${port}`, '--data', data, '--limit', '5']
    const { code, stdout } = await run('replay.mjs', args)
    expect(code).toBe(0)
    expect(JSON.parse(stdout).byVersion).toEqual({ unknown: { failed: 5 } })
  })

  it.each([
    ['another machine', ['--url', 'http://192.0.2.1:8080'], '--allow-remote'],
    ['no address', [], '--url'],
    ['a rate that is no number', ['--url', 'http://127.0.0.1:1', '--rate', 'fast'], '--rate'],
  ])('refuses %s', async (_, args, named) => {
    const { code, stderr } = await run('replay.mjs', [...args, '--data', data])
    expect(code).toBe(2)
    expect(stderr).toContain(named)
  })
})

describe('--router', () => {
  it('waits for the router of a folder and sends to it, in the background where that is asked', async () => {
    const [router, log] = [join(folder.path, 'router'), join(folder.path, 'replay.log')]
    mkdirSync(router)
    const limits = ['--data', data, '--limit', '3']
    const { code, stdout } = await run('replay.mjs', [
      ...['--router', router, '--background', log],
      ...limits,
    ])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    const url = await startRecorder()
    writeFileSync(join(router, 'router.json'), JSON.stringify({ port: Number(new URL(url).port) }))
    while (!readFileSync(log, 'utf8').includes('\n'))
      await new Promise((done) => setTimeout(done, 20))
    expect(recorder.seen).toHaveLength(3)
    expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({ requests: 3 })
  })

  it('ends with 2 where no router is up in time', async () => {
    const nowhere = join(folder.path, 'nowhere')
    const { code, stderr } = await run('replay.mjs', ['--router', nowhere, '--seconds', '0.2'])
    expect(code).toBe(2)
    expect(stderr).toContain(`--router ${nowhere}: no router was up within 0.2 s`)
  })
})
