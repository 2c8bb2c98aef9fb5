import { rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { runRollout } from '../../../../../src/actions/deploy-canary/rollout-loop.js'
import { nextCommand, startRollout } from '../../../../../src/domain/rollout/machine.js'
import type { RolloutPolicy } from '../../../../../src/domain/rollout/policy.js'
import type { Label } from '../../../../../src/domain/rollout/quality.js'
import { bundleRouter, createBench, infer, tempFolder } from './harness.js'

const folder = tempFolder()
let routerPath = ''
beforeAll(async () => {
  routerPath = await bundleRouter(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const bench = createBench(() => routerPath)
afterEach(() => bench.end())

const POLICY: RolloutPolicy = {
  mode: 'canary',
  steps: [20, 50, 100],
  mirror: 0,
  alpha: 0.05,
  metrics: [
    {
      metric: 'quality',
      role: 'both',
      method: 'normal-mixture',
      margin: 0.5,
      tolerance: 0,
      slices: [],
    },
    { metric: 'error-rate', role: 'guard', method: 'e-process', margin: 0.5, tolerance: 0 },
  ],
  minRequests: 40,
  horizonMs: 25_000,
  maxHoldMs: 0,
  maxBadEvents: undefined,
  sampleRatioThreshold: 1000,
}

/** One of five rows is 1; a model that says 0 is wrong there. */
const truth = (row: number) => (row % 5 === 0 ? 1 : 0)
const labels = new Map<string, Label>(
  Array.from({ length: 50_000 }, (_, row) => [
    String(row),
    { label: String(truth(row)), slices: [] },
  ]),
)

/** Drives a rollout over the real router while clients send requests, until it is over. */
async function rollOut(
  policy: RolloutPolicy,
  models: {
    readonly stable: (row: number) => number
    readonly canary: (row: number) => number
    readonly status?: (row: number) => number
  },
) {
  const stable = await bench.model({ version: 'v1', predict: models.stable })
  const canary = await bench.model({
    version: 'v2',
    predict: models.canary,
    status: models.status ?? (() => 200),
  })
  const { target } = bench.target(stable.backend)
  const { url } = (await target.observe()).state
  const over = new AbortController()
  let row = 0
  let lost = 0
  const client = async () => {
    while (!over.signal.aborted) if ((await infer(url, row++)).status !== 200) lost += 1
  }
  const clients = Array.from({ length: 4 }, client)
  const state = await runRollout({
    target,
    state: startRollout({ id: 'r', policy, at: new Date().toISOString() }),
    owner: 'test',
    canary: canary.backend,
    intervalMs: 100,
    now: () => new Date(),
    sleep: (ms) => wait(ms),
    signal: new AbortController().signal,
    readLabels: async () => labels,
  })
  over.abort()
  await Promise.all(clients)
  const last = (await target.observe()).state
  return { ending: nextCommand(state), state, last, lost }
}

// They end when the evidence is there: on a busy machine users send fewer requests.
jest.setTimeout(180_000)

// @evidence Embedded router: live (the built router in a process of its own)
describe('a rollout on the embedded router, under load', () => {
  it('promotes a canary that is as good, and loses no request', async () => {
    const wrongSometimes = (row: number) => (row % 5 < 2 ? 1 - truth(row) : truth(row))
    const run = await rollOut(POLICY, { stable: wrongSometimes, canary: wrongSometimes })
    expect(run.ending).toEqual({ kind: 'finish', outcome: 'promoted', decision: 'pass' })
    expect(run.last).toMatchObject({ stable: { version: 'v2' }, previous: { version: 'v1' } })
    expect(run.lost).toBe(0)
    expect(run.state.steps.map(({ weight }) => weight)).toEqual([20, 50])
  })

  it('brings users back from a canary that answers wrongly', async () => {
    const wrongSometimes = (row: number) => (row % 10 === 0 ? 1 - truth(row) : truth(row))
    const run = await rollOut(POLICY, { stable: wrongSometimes, canary: () => 0.5 })
    expect(run.ending).toEqual({ kind: 'finish', outcome: 'rolled-back', decision: 'fail' })
    expect(run.state.reasons[0]?.text).toMatch(/^quality is worse/)
    expect(run.last).toMatchObject({ stable: { version: 'v1' }, weight: 0 })
    expect(run.lost).toBe(0)
  })

  it('brings users back from a canary that fails', async () => {
    const status = (row: number) => (row % 2 === 0 ? 500 : 200)
    const run = await rollOut(POLICY, { stable: truth, canary: truth, status })
    expect(run.ending).toEqual({ kind: 'finish', outcome: 'rolled-back', decision: 'fail' })
    expect(run.state.reasons.map(({ text }) => text).join()).toMatch(/error-rate is worse/)
  })

  it('as a shadow costs no user anything and finds what differs', async () => {
    const policy: RolloutPolicy = {
      ...POLICY,
      mode: 'shadow',
      mirror: 100,
      metrics: [{ metric: 'disagreement', role: 'both', atMost: 0.1 }],
    }
    const run = await rollOut(policy, {
      stable: truth,
      canary: (row) => truth(row + 1),
      status: () => 200,
    })
    expect(run.ending).toEqual({ kind: 'finish', outcome: 'shadowed', decision: 'fail' })
    expect(run.lost).toBe(0)
    expect(run.last).toMatchObject({ stable: { version: 'v1' }, mirror: 0 })
  })
})
