import { createServer } from 'node:http'

/** A version of a model in a process of its own: answers in the Open Inference Protocol, or never (`hangs`). Tells its port. */
const hangs = process.argv[2] === 'hangs'
const answer = Buffer.from(
  JSON.stringify({
    model_name: 'census',
    outputs: [
      { name: 'prediction', shape: [1], datatype: 'INT64', data: [1] },
      { name: 'score', shape: [1], datatype: 'FP64', data: [0.8125] },
    ],
  }),
)
const head = { 'content-type': 'application/json', 'content-length': answer.length }

const server = createServer((incoming, outgoing) => {
  incoming.resume()
  incoming.on('end', () => {
    if (hangs) return
    outgoing.writeHead(200, head)
    outgoing.end(answer)
  })
})
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) process.send?.(address.port)
})
