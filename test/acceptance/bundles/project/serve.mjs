// A model server by the Open Inference Protocol v2: `node serve.mjs PORT [MODEL]`.
import { createServer } from 'node:http'

const [, , port] = process.argv
const server = createServer((request, response) => {
  request.resume()
  const body = request.url === '/v2/health/ready' ? {} : { outputs: [] }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
})
server.listen(Number(port), '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
