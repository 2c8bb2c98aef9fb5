import type { ProbeSection } from '../../../config/deploy/probe.js'
import { answeredValues } from '../../../domain/probe/answers.js'
import { type Check, firstFew } from '../../../domain/probe/check.js'
import { type GoldenRow, judgeGolden } from '../../../domain/probe/golden.js'
import { judgeLatency, type LatencyBound } from '../../../domain/probe/latency.js'
import { schemaDifferences } from '../../../domain/probe/schema-difference.js'
import type { ModelSchema } from '../../../domain/probe/tensor.js'
import { ExternalError } from '../../../errors.js'
import type { ModelEndpoint } from '../../../ports/probe.js'
import type { Examples } from './examples.js'
import { sendLoad } from './load.js'

export interface Checking {
  readonly settings: ProbeSection
  readonly endpoint: ModelEndpoint
  /** The version in use, where its schema is what is expected. */
  readonly stable: ModelEndpoint | undefined
  readonly examples: Examples | undefined
  /** How long the server may take to be healthy. */
  readonly startTimeoutMs: number
  readonly signal: AbortSignal
  readonly clock: () => number
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

const POLL_MS = 500

/** All checks of an endpoint that the settings ask for; a server that is not healthy is asked nothing more. */
export async function runChecks(checking: Checking): Promise<readonly Check[]> {
  const health = await attempted('health', () => healthCheck(checking))
  if (health.status === 'fail') return [health]
  const checks = [health]
  const { settings, examples } = checking
  if (settings.schema !== 'any') checks.push(await attempted('schema', () => schemaCheck(checking)))
  if (examples === undefined) return checks
  if (settings['warm-up'] > 0) checks.push(await warmUp(checking, examples))
  if (settings.golden !== undefined && settings.golden.expected.length > 0) {
    checks.push(await attempted('golden', () => goldenCheck(checking, examples)))
  }
  if (settings.latency !== undefined) checks.push(await latencyCheck(checking, examples))
  return checks
}

/** A check that the server leaves without an answer has failed. */
async function attempted(name: Check['name'], work: () => Promise<Check>): Promise<Check> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ExternalError) return { name, status: 'fail', text: error.message }
    throw error
  }
}

/** Asks until the server is healthy or its time is up: what has just been started may still load its model. */
async function healthCheck(checking: Checking): Promise<Check> {
  const { endpoint, startTimeoutMs, signal, clock, sleep } = checking
  const until = clock() + startTimeoutMs
  for (;;) {
    const check = await attempted('health', () => healthNow(endpoint, signal))
    if (check.status !== 'fail' || clock() + POLL_MS > until || signal.aborted) return check
    await sleep(POLL_MS, signal)
  }
}

async function healthNow(endpoint: ModelEndpoint, signal: AbortSignal): Promise<Check> {
  const states = await endpoint.health(signal)
  const bad = states.filter(({ ok }) => !ok).map(({ name, what }) => `not ${name}: ${what}`)
  if (bad.length > 0) return { name: 'health', status: 'fail', text: `${firstFew(bad)}.` }
  if (states.length === 0) {
    return { name: 'health', status: 'unclear', text: 'No health check is named.' }
  }
  const text = `The server is ${states.map(({ name }) => name).join(', ')}.`
  return { name: 'health', status: 'pass', text }
}

async function schemaCheck({ settings, endpoint, stable, signal }: Checking): Promise<Check> {
  const expected =
    typeof settings.schema === 'object' ? settings.schema : await stable?.schema(signal)
  const found = await endpoint.schema(signal)
  if (expected === undefined || saysNothing(expected)) {
    const text =
      'The stable version does not say what it takes and gives: there is nothing to compare with.'
    return { name: 'schema', status: 'unclear', text }
  }
  const differences = schemaDifferences(expected, found ?? { inputs: [], outputs: [] })
  if (differences.length > 0) {
    return { name: 'schema', status: 'fail', text: `${firstFew(differences, 5)}.` }
  }
  const [inputs, outputs] = [expected.inputs.length, expected.outputs.length]
  const text = `All ${inputs} inputs and ${outputs} outputs that were compared are as expected.`
  return { name: 'schema', status: 'pass', text }
}

function saysNothing({ inputs, outputs }: ModelSchema): boolean {
  return inputs.length === 0 && outputs.length === 0
}

async function warmUp(checking: Checking, examples: Examples): Promise<Check> {
  const { settings, endpoint, signal, clock } = checking
  const requests = settings['warm-up']
  const concurrency = settings.latency?.concurrency ?? 1
  const load = { requests, concurrency, signal, clock }
  const { milliseconds, failures } = await sendLoad(endpoint, examples, load)
  const [failure] = failures
  const status = milliseconds.length === 0 ? 'fail' : 'pass'
  const words = failure === undefined ? '' : ` ${failures.length} failed: ${failure}`
  const text = `${milliseconds.length} of ${requests} requests were answered.${words}`
  return { name: 'warm-up', status, text }
}

async function goldenCheck(checking: Checking, examples: Examples): Promise<Check> {
  const { settings, endpoint, signal } = checking
  const golden = settings.golden
  if (golden === undefined) return judgeGolden([], { relative: 0, absolute: 0 })
  const { columns, rows, expected } = examples
  const judged: GoldenRow[] = []
  for (let start = 0; start < rows.length; start += golden.batch) {
    const some = rows.slice(start, start + golden.batch)
    const prediction = await endpoint.predict({ columns, rows: some }, signal)
    const answered = answeredValues(prediction, some.length, golden.expected)
    for (const [i, answers] of answered.entries()) {
      const values = expected[start + i] ?? []
      judged.push({
        row: start + i + 1,
        expected: golden.expected.map(({ column }, at) => ({ column, value: values[at] ?? null })),
        answered: answers,
      })
    }
  }
  const tolerance = { relative: golden.tolerance, absolute: golden['absolute-tolerance'] }
  return judgeGolden(judged, tolerance)
}

async function latencyCheck(checking: Checking, examples: Examples): Promise<Check> {
  const { settings, endpoint, signal, clock } = checking
  const { requests = 0, concurrency = 1, confidence = 0.95 } = settings.latency ?? {}
  const measured = await sendLoad(endpoint, examples, { requests, concurrency, signal, clock })
  return judgeLatency(measured, boundsOf(settings), confidence)
}

function boundsOf({ latency }: ProbeSection): readonly LatencyBound[] {
  const bounds = [
    { quantile: 0.5, under: latency?.['p50-under'] },
    { quantile: 0.95, under: latency?.['p95-under'] },
    { quantile: 0.99, under: latency?.['p99-under'] },
  ]
  return bounds.flatMap(({ quantile, under }) => (under === undefined ? [] : [{ quantile, under }]))
}
