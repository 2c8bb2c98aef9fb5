import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createWebhookSender } from '../../../../src/adapters/events/webhook.js'
import { CancelledError, type ExternalError } from '../../../../src/errors.js'
import { context, EVENT, failure, NEVER } from './arrange.js'

const SECRET = 'correct horse battery'
const FAST = { firstDelayMs: 1 }

interface Got {
  readonly method: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

let got: Got[]
let answers: ((response: ServerResponse) => void)[]
let url: string
let close: () => Promise<void>

beforeEach(async () => {
  got = []
  answers = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    got.push({ method: request.method, headers: request.headers, body: Buffer.concat(chunks) })
    const answer = answers.shift() ?? ((one) => one.writeHead(202).end())
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/T0KEN`
  close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
})
afterEach(() => close())

function status(code: number, headers: Record<string, string> = {}, text = '') {
  return (response: ServerResponse) => response.writeHead(code, headers).end(text)
}

function sender(address = url, http = FAST, env = { MODELWAY_WEBHOOK_SECRET: SECRET }) {
  return createWebhookSender({ kind: 'webhook', on: ['fail'], url: address }, context(env), http)
}

describe('a webhook', () => {
  it('is a CloudEvent, signed over the bytes that were sent', async () => {
    expect(await sender().send(EVENT, NEVER)).toEqual({})
    const [one] = got
    const expected = createHmac('sha256', SECRET)
      .update(one?.body ?? '')
      .digest('hex')
    expect(one?.method).toBe('POST')
    expect(one?.headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'x-modelway-signature-256': `sha256=${expected}`,
      'idempotency-key': EVENT.key,
    })
    expect(JSON.parse(String(one?.body))).toMatchObject({
      specversion: '1.0',
      id: EVENT.key,
      data: { drifted: ['naïve|<b>', 'a\nb'], decision: 'fail', reason: EVENT.reason },
    })
  })

  it.each([
    [
      'a secret of base64',
      `whsec_${Buffer.from('k'.repeat(24)).toString('base64')}`,
      'k'.repeat(24),
    ],
    ['any other secret', SECRET, SECRET],
  ])(
    'is signed with its time, too, by %s, so that a replay can be refused',
    async (_, secret, key) => {
      const now = () => new Date('2026-11-22T10:00:00.900Z')
      const trigger = { kind: 'webhook', on: ['fail'], url } as const
      const given = context({ MODELWAY_WEBHOOK_SECRET: secret })
      await createWebhookSender(trigger, given, { ...FAST, now }).send(EVENT, NEVER)
      const [one] = got
      const signed = `${EVENT.key}.1795341600.${one?.body}`
      expect(one?.headers).toMatchObject({
        'webhook-id': EVENT.key,
        'webhook-timestamp': '1795341600',
        'webhook-signature': `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
      })
    },
  )

  it('is the same, to the byte, when it is sent again', async () => {
    await sender().send(EVENT, NEVER)
    await sender().send(EVENT, NEVER)
    expect(got[0]?.body.equals(got[1]?.body ?? Buffer.alloc(0))).toBe(true)
  })

  it('is not sent without a secret, and hides the one it has', async () => {
    for (const env of [{}, { MODELWAY_WEBHOOK_SECRET: ' ' }]) {
      const trigger = { kind: 'webhook', on: ['fail'], url } as const
      const error = await failure(async () => createWebhookSender(trigger, context(env)))
      expect(error.message).toMatch(/^MW-DRIFT-502: .*MODELWAY_WEBHOOK_SECRET is not set/)
    }
    const given = context({ MODELWAY_WEBHOOK_SECRET: SECRET })
    createWebhookSender({ kind: 'webhook', on: ['fail'], url }, given)
    expect(given.masked).toEqual([SECRET])
  })

  it.each([500, 502, 503, 429, 408])('is repeated after %i, with the same key', async (code) => {
    answers = [status(code), status(code)]
    await sender().send(EVENT, NEVER)
    expect(got.map(({ headers }) => headers['idempotency-key'])).toEqual(Array(3).fill(EVENT.key))
  })

  it('is repeated when the receiver has asked to wait for it', async () => {
    answers = [status(429, { 'retry-after': '0.01' }), status(503, { 'retry-after': 'soon' })]
    await sender().send(EVENT, NEVER)
    expect(got).toHaveLength(3)
  })

  it('is repeated after a lost connection', async () => {
    answers = [(response) => response.destroy()]
    await sender().send(EVENT, NEVER)
    expect(got).toHaveLength(2)
  })

  it.each([400, 401, 403, 404, 422])('is not repeated after %i', async (code) => {
    answers = [status(code, {}, 'no such\n hook')]
    const error = (await failure(() => sender().send(EVENT, NEVER))) as ExternalError
    expect(error.details).toMatchObject({ code: 'MW-DRIFT-505', status: code, retryable: false })
    expect(error.message).toContain('no such hook')
    expect(error.message).not.toContain('T0KEN')
    expect(got).toHaveLength(1)
  })

  it('is given up after four attempts', async () => {
    answers = Array(9).fill(status(503))
    const error = (await failure(() => sender().send(EVENT, NEVER))) as ExternalError
    expect(error.details).toMatchObject({ code: 'MW-DRIFT-505', status: 503, retryable: true })
    expect(got).toHaveLength(4)
  })

  it('is given up where nobody answers in time or listens', async () => {
    answers = Array(9).fill(() => undefined)
    const impatient = sender(url, { ...FAST, timeoutMs: 30 } as typeof FAST)
    const slow = (await failure(() => impatient.send(EVENT, NEVER))) as ExternalError
    expect(slow.details).toMatchObject({ code: 'MW-DRIFT-506', retryable: true })
    await close()
    const gone = (await failure(() => sender().send(EVENT, NEVER))) as ExternalError
    expect(gone.details).toMatchObject({ code: 'MW-DRIFT-506', retryable: true })
  })

  it.each([301, 302, 307, 308])('follows no redirect (%i)', async (code) => {
    answers = [status(code, { location: 'https://evil.example/steal?x=1' })]
    const error = await failure(() => sender().send(EVENT, NEVER))
    expect(error.message).toMatch(/^MW-DRIFT-504: .* redirects to https:\/\/evil\.example,/)
    expect(got).toHaveLength(1)
  })

  it('ends when the run is cancelled', async () => {
    answers = [() => undefined]
    const controller = new AbortController()
    const sending = failure(() => sender().send(EVENT, controller.signal))
    setTimeout(() => controller.abort(), 20)
    expect(await sending).toBeInstanceOf(CancelledError)
  })

  it('shows no secret that a proxy repeats, nor the path that it is posted to', async () => {
    const env = { MODELWAY_WEBHOOK_SECRET: SECRET, MODELWAY_AIRFLOW_TOKEN: 'air-token' }
    const forms = [SECRET, 'Bearer air-token', Buffer.from(`me:${SECRET}`).toString('base64')]
    answers = [status(400, {}, `Cannot POST /hook/T0KEN with ${forms.join(' and ')}`)]
    const error = await failure(() => sender(url, FAST, env).send(EVENT, NEVER))
    expect(error.message).toContain('it refused the event: Cannot POST *** with *** and Bearer ***')
    for (const form of [...forms, 'T0KEN', 'air-token']) expect(error.message).not.toContain(form)
  })

  it.each([
    [500, 'the service failed.'],
    [503, 'the service failed.'],
    [429, 'it is too busy.'],
    [400, 'it refused the event.'],
  ])('says of %i that %s', async (code, what) => {
    answers = Array(9).fill(status(code))
    const error = (await failure(() => sender().send(EVENT, NEVER))) as ExternalError
    expect(error.details.what).toBe(what)
  })

  it('reads no endless answer', async () => {
    answers = [status(400, {}, 'x'.repeat(5_000_000))]
    const error = await failure(() => sender().send(EVENT, NEVER))
    expect(error.message.length).toBeLessThan(500)
  })
})
