import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { tableFromArrays, tableToIPC } from '@uwdata/flechette'
import { openSignals } from '../../../../../src/adapters/telemetry/index.js'
import { createNewest } from '../../../../../src/adapters/telemetry/predictions/newest.js'
import { SignalsSection } from '../../../../../src/config/deploy/signals.js'
import { NO_MIRROR } from '../../../../../src/domain/rollout/observation.js'
import { createWorkspace } from '../../../../../src/files/workspace.js'
import type { Signals } from '../../../../../src/ports/signals.js'
import { openLog, readers, VERSIONS } from './arrange.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-open-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const STRETCH = { ...VERSIONS, from: 0, to: Date.now() }
const arm = (requests: number) => ({
  assigned: requests,
  requests,
  errors: 0,
  unreachable: 0,
  latency: [requests],
})
const own: Signals = {
  name: 'The target',
  lagMs: 0,
  between: async () => ({
    counters: { stable: arm(100), canary: arm(5), mirror: NO_MIRROR },
    latencyBounds: [],
    samples: [],
    warnings: [],
  }),
}

function open(settings: object, more: { own?: Signals; overs?: number[] } = {}) {
  return openSignals(SignalsSection.parse(settings), {
    env: {},
    signal: new AbortController().signal,
    own: more.own,
    answers: {
      wanted: { output: undefined, tolerance: 1e-6, overs: more.overs ?? [] },
      workspace: createWorkspace(folder),
      readers,
      openEngine: async () => {
        throw new Error('no engine')
      },
    },
  })
}

describe('a log of predictions', () => {
  const line = '{"time":5000,"version":"v2","id":"r1","prediction":"a","status":404}\n'

  it('goes with a target that counts by itself', async () => {
    writeFileSync(join(folder, 'a.jsonl'), line)
    const signals = await open({ predictions: { files: 'a.jsonl' } }, { own, overs: [200] })
    const gained = await signals?.between(STRETCH)
    expect(gained?.counters.stable.requests).toBe(100)
    expect(gained?.samples.map(({ requestId }) => requestId)).toEqual(['r1'])
  })

  it('counts where nothing else does, and says which were rejected where the status is named', async () => {
    writeFileSync(join(folder, 'a.jsonl'), line)
    const columns = { status: 'status' }
    const signals = await open({ predictions: { files: 'a.jsonl', columns } })
    expect((await signals?.between(STRETCH))?.counters.canary).toMatchObject({
      requests: 1,
      errors: 0,
      rejected: 1,
    })
  })

  it('that counts must say how long answers took where that is looked at', async () => {
    const files = 'a.jsonl'
    await expect(open({ predictions: { files } }, { overs: [200] })).rejects.toThrow(
      'MW-DEPLOY-328',
    )
    writeFileSync(join(folder, 'a.jsonl'), line)
    const columns = { latency: 'ms' }
    const signals = await open({ predictions: { files, columns } }, { overs: [200] })
    await expect(signals?.between(STRETCH)).rejects.toThrow('MW-DEPLOY-329')
  })

  it('has one place', () => {
    const places = { files: 'a', kafka: { brokers: 'b:1', topic: 't' } }
    for (const predictions of [{}, places]) {
      expect(SignalsSection.safeParse({ predictions }).success).toBe(false)
    }
  })
})

describe('a table that is written once', () => {
  const write = (name: string, version: string) => {
    const table = tableFromArrays({
      time: [new Date(5000), new Date(6000)],
      version: [version, version],
      id: [`${name}1`, `${name}2`],
      prediction: [1, 2.5],
      unused: ['x', 'y'],
    })
    writeFileSync(join(folder, name), tableToIPC(table, { format: 'file' }) ?? new Uint8Array())
  }

  it('is read as a whole when it is new, and a broken one is told of', async () => {
    write('a.arrow', 'v1')
    writeFileSync(join(folder, 'broken.parquet'), 'PAR1 but no more')
    const signals = await openLog(folder, { files: '*' })
    const gained = await signals.between(STRETCH)
    expect(gained?.samples.map(({ requestId, prediction }) => [requestId, prediction])).toEqual([
      ['a.arrow1', '1'],
      ['a.arrow2', '2.5'],
    ])
    expect(gained?.warnings.join()).toContain('broken.parquet')
    write('b.arrow', 'v2')
    const next = await signals.between({ ...STRETCH, from: STRETCH.to, to: STRETCH.to + 1 })
    expect(next?.samples.map(({ version }) => version)).toEqual(['canary', 'canary'])
  })
})

describe('memory that does not grow', () => {
  it('keeps the newest, oldest first', () => {
    const newest = createNewest<number>(3)
    for (let i = 1; i <= 7; i++) newest.add(i)
    expect([newest.list(), newest.lost]).toEqual([[5, 6, 7], 4])
  })
})
