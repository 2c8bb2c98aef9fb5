/**
 * Sends the people of one year to a model server as traffic, in a random order, one request each:
 *
 *     node replay.mjs --url http://127.0.0.1:8080 --rate 200 --seconds 30
 *     node replay.mjs --router .modelway-router
 *
 * The second one waits for the router of deploy-canary to be up and sends to it, whatever its port is;
 * with `--background FILE` it does so while the next command runs.
 * Each request carries the person's id, so that what was answered can be joined with what was true.
 * The last line of the output is a summary in JSON; a request that fails does not stop the traffic.
 */
import { spawn } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { randomNumbers, shuffle } from './lib/random.mjs'
import { FEATURES, readTable } from './lib/table.mjs'

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    /** The folder of a router (`deploy.state-dir`), instead of its address. */
    router: { type: 'string' },
    data: { type: 'string', default: 'data/2017.csv.gz' },
    model: { type: 'string', default: 'census' },
    /** Requests a second, or `max`. */
    rate: { type: 'string', default: 'max' },
    concurrency: { type: 'string', default: '16' },
    /** Stops after so many requests, after so many seconds, or when every person was sent once. */
    limit: { type: 'string' },
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: '7' },
    /** A file for the output: the traffic goes on in the background while the command returns. */
    background: { type: 'string' },
    /** Lets the traffic go to another machine. */
    'allow-remote': { type: 'boolean', default: false },
  },
})

async function main() {
  if (options.background) return goOnInBackground(options.background)
  const url = options.router === undefined ? options.url : await findRouter(options.router)
  const target = readTarget(url)
  const table = readTable([options.data])
  const people = shuffle([...Array(table.rows).keys()], randomNumbers(number('seed')))
  if (options.limit !== undefined) people.length = Math.min(people.length, number('limit'))

  const stop = new AbortController()
  setMaxListeners(0, stop.signal) // every request under way may wait for its turn
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop.abort())
  const agent = new Agent({ keepAlive: true, maxSockets: number('concurrency') })
  const started = performance.now()
  const results = await replay({ table, people, target, agent, started, signal: stop.signal })
  agent.destroy()
  console.log(JSON.stringify(summary(results, (performance.now() - started) / 1000)))
}

/** A process of a session of its own, which the end of the step or the terminal does not take along. */
function goOnInBackground(file) {
  const output = openSync(file, 'w')
  const again = [...process.argv.slice(1), '--background=']
  spawn(process.execPath, again, { detached: true, stdio: ['ignore', output, output] }).unref()
}

/** The router's address, as soon as it is up. */
async function findRouter(folder) {
  const deadline = performance.now() + 1000 * number('seconds')
  while (performance.now() < deadline) {
    const url = routerAddress(folder)
    if (url !== undefined && (await isReady(url))) return url
    await wait(100)
  }
  throw new Error(`--router ${folder}: no router was up within ${options.seconds} s`)
}

function routerAddress(folder) {
  try {
    return `http://127.0.0.1:${JSON.parse(readFileSync(join(folder, 'router.json'), 'utf8')).port}`
  } catch {
    return undefined
  }
}

async function isReady(url) {
  try {
    const answer = await fetch(`${url}/v2/health/ready`)
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}

function readTarget(url) {
  if (!url) throw new Error('--url is missing: name the server, such as http://127.0.0.1:8080')
  const target = new URL(`/v2/models/${encodeURIComponent(options.model)}/infer`, url)
  if (!LOOPBACK.includes(target.hostname) && !options['allow-remote']) {
    throw new Error(`${target.hostname} is not this machine: add --allow-remote if you mean it`)
  }
  return target
}

function number(name) {
  const value = Number(options[name])
  if (!(value >= 0)) throw new Error(`--${name}: expected a number, got "${options[name]}"`)
  return value
}

/** Keeps `concurrency` requests under way, none earlier than the rate allows. */
async function replay({ table, people, target, agent, started, signal }) {
  const perSecond = options.rate === 'max' ? Number.POSITIVE_INFINITY : number('rate')
  const deadline = started + 1000 * number('seconds')
  const results = []
  let next = 0
  /** Returns early when the traffic is told to stop. */
  const pause = async (time) => {
    if (time > 1) await wait(time, undefined, { signal }).catch(() => {})
  }
  const worker = async () => {
    while (next < people.length && !signal.aborted) {
      const turn = next++
      const due = started + (1000 * turn) / perSecond
      if (Math.max(due, performance.now()) >= deadline) return
      await pause(due - performance.now())
      if (signal.aborted) return
      const result = await send({ body: inferenceOf(table, people[turn]), target, agent })
      results.push(result)
      if (result.status === 'failed') await pause(100)
    }
  }
  await Promise.all(Array.from({ length: number('concurrency') }, worker))
  return results
}

/** One person as a request of the Open Inference Protocol v2. */
function inferenceOf({ columns }, row) {
  const inputs = FEATURES.map((name) => {
    return { name, shape: [1], datatype: 'INT64', data: [columns[name][row]] }
  })
  return { id: String(columns.id[row]), inputs }
}

/** Resolves to the status, the version that answered, and the time taken; never rejects. */
function send({ body, target, agent }) {
  const started = performance.now()
  const headers = { 'content-type': 'application/json', 'x-request-id': body.id }
  return new Promise((done) => {
    const finish = (status, version) => {
      done({ status, version, milliseconds: performance.now() - started })
    }
    const request = httpRequest(target, { method: 'POST', agent, headers }, (response) => {
      const version = response.headers['x-modelway-version'] ?? 'unknown'
      response.on('end', () => finish(String(response.statusCode), version))
      response.on('error', () => finish('failed', version))
      response.resume()
    })
    request.setTimeout(10_000, () => request.destroy(new Error('no answer within 10 s')))
    request.on('error', () => finish('failed', 'unknown'))
    request.end(JSON.stringify(body))
  })
}

function summary(results, seconds) {
  const times = results.map((result) => result.milliseconds).sort((a, b) => a - b)
  const quantile = (q) => Number((times[Math.floor(q * (times.length - 1))] ?? 0).toFixed(2))
  const byVersion = {}
  for (const { version, status } of results) {
    byVersion[version] ??= {}
    byVersion[version][status] = (byVersion[version][status] ?? 0) + 1
  }
  return {
    requests: results.length,
    seconds: Number(seconds.toFixed(2)),
    milliseconds: { p50: quantile(0.5), p99: quantile(0.99) },
    byVersion,
  }
}

try {
  await main()
} catch (error) {
  console.error(error.message)
  process.exitCode = 2
}
