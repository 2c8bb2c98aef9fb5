import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createMlflowTracker } from '../../../../src/adapters/tracking/mlflow/tracker.js'
import { useTemporaryFolder } from '../../temporary-folder.js'

const RUN = { run: { info: { run_id: 'r1', experiment_id: '1' }, data: {} } }

interface Answer {
  readonly status: number
  readonly body: unknown
}

let server: Server | undefined
afterEach(async () => {
  await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)))
  server = undefined
})

async function serve(answers: readonly Answer[]): Promise<{
  readonly url: string
  readonly seen: IncomingMessage[]
}> {
  const seen: IncomingMessage[] = []
  server = createServer((request, response) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)]
    seen.push(request)
    response.writeHead(answer?.status ?? 500, { connection: 'close' })
    response.end(typeof answer?.body === 'string' ? answer.body : JSON.stringify(answer?.body))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

function tracker(env: Record<string, string>, signal = new AbortController().signal) {
  return createMlflowTracker({ env, signal }, 1)
}

describe('the MLflow tracker', () => {
  const folder = useTemporaryFolder()

  it('needs an address, without credentials in it', () => {
    expect(() => tracker({})).toThrow(/MW-TRACK-001.*MLFLOW_TRACKING_URI/)
    expect(() => tracker({ MLFLOW_TRACKING_URI: 'file:///mlruns' })).toThrow('MW-TRACK-001')
    expect(() => tracker({ MLFLOW_TRACKING_URI: 'https://u:secret@host' })).toThrow(
      /MW-TRACK-002(?!.*secret@)/,
    )
  })

  it('signs in by token, or by name and password', async () => {
    const { url, seen } = await serve([{ status: 200, body: RUN }])
    await tracker({ MLFLOW_TRACKING_URI: url, MLFLOW_TRACKING_TOKEN: 't' }).run('r1')
    await tracker({
      MLFLOW_TRACKING_URI: `${url}/`,
      MLFLOW_TRACKING_USERNAME: 'naïve',
      MLFLOW_TRACKING_PASSWORD: 'p:w',
    }).run('r1')
    const basic = Buffer.from('naïve:p:w').toString('base64')
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer t', `Basic ${basic}`])
    expect(seen[0]?.url).toBe('/api/2.0/mlflow/runs/get?run_id=r1')
  })

  it('tries again when the server is busy, also where that is said with 400', async () => {
    const { url, seen } = await serve([
      { status: 503, body: '<html>' },
      { status: 400, body: { message: 'QueuePool limit of size 5 overflow 10 reached' } },
      { status: 200, body: RUN },
    ])
    expect(await tracker({ MLFLOW_TRACKING_URI: url }).run('r1')).toMatchObject({ id: 'r1' })
    expect(seen).toHaveLength(3)
  })

  it.each([
    ['MW-TRACK-004', 401, 'no', false, 1],
    ['MW-TRACK-005', 400, { message: 'Bad run id' }, false, 1],
    ['MW-TRACK-005', 500, 'x', true, 4],
    ['MW-TRACK-007', 200, '<html>a proxy</html>', false, 1],
  ])('%s for status %i', async (code, status, body, retryable, requests) => {
    const { url, seen } = await serve([{ status, body }])
    const wish = tracker({ MLFLOW_TRACKING_URI: url }).run('r1')
    await expect(wish).rejects.toMatchObject({ details: { code, retryable } })
    expect(seen).toHaveLength(requests)
  })

  it('says why the server cannot be reached', async () => {
    const { url } = await serve([])
    await new Promise((resolve) => server?.close(resolve))
    server = undefined
    await expect(tracker({ MLFLOW_TRACKING_URI: url }).run('r1')).rejects.toMatchObject({
      details: { code: 'MW-TRACK-003', what: expect.stringContaining('ECONNREFUSED') },
    })
  })

  it('begins a transfer that breaks off again, and leaves nothing half-written', async () => {
    let broken = 2
    server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': '6', connection: 'close' })
      response.write('abc')
      if (broken-- > 0) setTimeout(() => response.destroy(), 5)
      else response.end('def')
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const target = join(folder.path, 'p.csv')
    await tracker({ MLFLOW_TRACKING_URI: uri }).download('r1', 'p.csv', target)
    expect(readFileSync(target, 'utf8')).toBe('abcdef')
    expect(folder.list()).toEqual(['p.csv'])

    broken = Number.POSITIVE_INFINITY
    const wish = tracker({ MLFLOW_TRACKING_URI: uri }).download('r1', 'p.csv', `${target}2`)
    await expect(wish).rejects.toMatchObject({ details: { code: 'MW-TRACK-003', retryable: true } })
    expect(folder.list()).toEqual(['p.csv'])
  })

  it('does not send the token to where the server redirects', async () => {
    const elsewhere = await serve([{ status: 200, body: RUN }])
    const other = server
    server = createServer((request, response) => {
      response.writeHead(302, { location: `${elsewhere.url}${request.url}`, connection: 'close' })
      response.end()
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await tracker({ MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: 't' }).run('r1')
    expect(elsewhere.seen.map(({ headers }) => headers.authorization)).toEqual([undefined])
    await new Promise((resolve) => other?.close(resolve))
  })

  it('ends as cancelled when the run is', async () => {
    const { url } = await serve([{ status: 500, body: '' }])
    const abort = new AbortController()
    const wish = tracker({ MLFLOW_TRACKING_URI: url }, abort.signal).run('r1')
    abort.abort()
    await expect(wish).rejects.toMatchObject({ name: 'CancelledError' })
  })
})
