import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openSignals } from '../../../../src/adapters/telemetry/index.js'
import { SignalsSection } from '../../../../src/config/deploy/signals.js'

const VECTOR = { status: 'success', data: { resultType: 'vector', result: [] } }
const MATRIX = { status: 'success', data: { resultType: 'matrix', result: [] } }

let server: Server
let asked: { line: string; authorization: string | undefined }[]
let status: number
beforeEach(async () => {
  asked = []
  status = 200
  server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.on('data', (chunk) => {
      body += String(chunk)
    })
    incoming.on('end', () => {
      const { authorization } = incoming.headers
      asked.push({ line: `${incoming.method} ${incoming.url}`, authorization })
      const isRange = new URLSearchParams(body).get('query')?.startsWith('http') === true
      outgoing.writeHead(status, { 'content-type': 'application/json' })
      const failure = { status: 'error', errorType: 'internal', error: `token ${authorization}` }
      outgoing.end(JSON.stringify(status === 200 ? (isRange ? MATRIX : VECTOR) : failure))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function open(url: string) {
  const section = SignalsSection.parse({
    prometheus: { url, requests: 'http_requests_total{v="{name}"}', 'sign-in': 'google' },
  })
  const env = { GOOGLE_OAUTH_ACCESS_TOKEN: 'ya29.secret', MODELWAY_PROMETHEUS_TOKEN: 'other' }
  return openSignals(section, { env, signal: new AbortController().signal })
}

const PATH = '/v1/projects/shop/location/global/prometheus'
const STRETCH = { from: 0, to: 60_000, stable: 'a', canary: 'b' }
const local = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`

describe("Prometheus' API of Google Cloud", () => {
  it("is signed in to as Google's account, whatever other token there is", async () => {
    const signals = await open(local())
    expect(await signals?.between(STRETCH)).toBeUndefined()
    expect(asked).toHaveLength(4)
    expect(new Set(asked.map((one) => JSON.stringify(one)))).toEqual(
      new Set([
        JSON.stringify({ line: `POST ${PATH}/api/v1/query`, authorization: 'Bearer ya29.secret' }),
      ]),
    )
  })

  it('is asked over https, or on this machine', async () => {
    await expect(open(`http://monitoring.example${PATH}`)).rejects.toThrow(/MW-DRIFT-659/)
  })

  it('never has its token shown', async () => {
    status = 500
    const signals = await open(local())
    await expect(signals?.between(STRETCH)).rejects.toThrow(/token Bearer \*\*\*/)
  })
})
