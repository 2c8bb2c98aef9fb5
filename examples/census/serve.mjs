/**
 * Serves a model that train.mjs wrote, over HTTP by the Open Inference Protocol v2:
 *
 *     node serve.mjs --model model/model.json --port 8080
 *
 * Prints `listening on http://HOST:PORT` when ready; SIGTERM lets the requests under way finish.
 */
import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createProtocol } from './lib/inference-protocol.mjs'
import { randomNumbers } from './lib/random.mjs'

const MAX_BODY_BYTES = 1024 * 1024

const { values: options } = parseArgs({
  options: {
    /** The model file, or the folder that holds it as model.json. */
    model: { type: 'string', default: 'model/model.json' },
    name: { type: 'string', default: 'census' },
    version: { type: 'string', default: '1' },
    host: { type: 'string', default: '127.0.0.1' },
    /** 0 takes any free port. */
    port: { type: 'string', default: '0' },
    /** Mean of a simulated delay for each inference; 0 for none. */
    'latency-ms': { type: 'string', default: '2' },
    /** Share of inferences that fail with status 500, to show what a canary does then. */
    'error-rate': { type: 'string', default: '0' },
    seed: { type: 'string', default: '7' },
  },
})

function main() {
  const protocol = createProtocol({
    ...{ name: options.name, version: options.version, model: readModel(options.model) },
  })
  const faults = {
    random: randomNumbers(number('seed')),
    latency: number('latency-ms'),
    errorRate: number('error-rate'),
  }
  const server = createServer(async (request, response) => {
    const { status, body, headers } = await answer(request, protocol, faults).catch(failure)
    const text = JSON.stringify(body)
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...(server.listening ? {} : { connection: 'close' }),
      ...headers,
    })
    response.end(text)
  })
  server.on('error', fail)
  server.listen(number('port'), options.host, () => {
    console.log(`serving ${options.name} version ${options.version}`)
    console.log(`listening on http://${options.host}:${server.address().port}`)
  })
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      server.close()
      setTimeout(() => server.closeAllConnections(), 5000).unref()
    })
  }
}

function number(name) {
  const value = Number(options[name])
  if (!(value >= 0)) throw new Error(`--${name}: expected a number, got "${options[name]}"`)
  return value
}

function readModel(path) {
  const file = statSync(path).isDirectory() ? join(path, 'model.json') : path
  return JSON.parse(readFileSync(file, 'utf8'))
}

async function answer(request, protocol, { random, latency, errorRate }) {
  const text = await readBody(request)
  if (text === undefined) {
    return { status: 413, body: { error: `The body is larger than ${MAX_BODY_BYTES} bytes.` } }
  }
  const [path] = request.url.split('?')
  const answered = protocol({ method: request.method, path, body: text })
  if (!answered.inference) return answered
  await simulatedWork(latency, random)
  if (random() < errorRate) {
    return { status: 500, body: { error: 'The model failed, as --error-rate asks for.' } }
  }
  return answered
}

/** The body as text, or undefined if it is too large: then it is still read to its end, but not kept. */
async function readBody(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8')
}

/** Half of the latency is constant, the rest varies with a long tail, as in real servers. */
async function simulatedWork(mean, random) {
  if (mean > 0) await wait(mean * (0.5 - 0.5 * Math.log(1 - random())))
}

function failure(error) {
  console.error(error)
  return { status: 500, body: { error: 'The server failed.' } }
}

function fail(error) {
  console.error(error.message)
  process.exitCode = 2
}

try {
  main()
} catch (error) {
  fail(error)
}
