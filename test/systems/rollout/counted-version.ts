import { createServer } from 'node:http'
import type { Behaviour } from '../haproxy/versions.js'

export interface CountedVersion {
  readonly seen: () => number
  readonly behave: (how: Behaviour) => void
  readonly close: () => Promise<void>
}

/** A version that answers with its name, and counts its answers by their status where Prometheus reads. */
export async function startCountedVersion(
  name: string,
  { address, port }: { readonly address: string; readonly port: number },
): Promise<CountedVersion> {
  let behaviour: Behaviour = 'answers'
  let seen = 0
  const counts = new Map([
    [200, 0],
    [500, 0],
  ])
  const server = createServer((incoming, outgoing) => {
    incoming.resume()
    if (incoming.url === '/metrics') {
      const lines = [...counts].map(([code, count]) => `requests_total{code="${code}"} ${count}\n`)
      outgoing.setHeader('content-type', 'text/plain; version=0.0.4')
      outgoing.end(`# TYPE requests_total counter\n${lines.join('')}`)
      return
    }
    incoming.on('end', () => {
      seen += 1
      if (behaviour === 'hangs') return
      outgoing.statusCode = behaviour === 'fails' ? 500 : 200
      counts.set(outgoing.statusCode, (counts.get(outgoing.statusCode) ?? 0) + 1)
      outgoing.end(name)
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(port, address, resolve))
  return {
    seen: () => seen,
    behave: (how) => {
      behaviour = how
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
