import { Agent, createServer, request } from 'node:http'

/** The least that a proxy on node:http can do, in a process of its own: what the router costs beside it is the router's own work. */
const [port] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true })
const server = createServer((incoming, outgoing) => {
  const { url: path, method, headers } = incoming
  const upstream = request({ agent, host: '127.0.0.1', port, path, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(outgoing)
  })
  upstream.on('error', () => outgoing.destroy())
  incoming.pipe(upstream)
})
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) process.send?.(address.port)
})
