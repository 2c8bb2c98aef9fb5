import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { driftCheck } from '../../../../src/actions/drift-check/run.js'
import { createFileLedger } from '../../../../src/adapters/events/ledger/file.js'
import type { KeyedEvent } from '../../../../src/domain/drift/acting/event.js'
import type { MetricFamily } from '../../../../src/domain/drift/monitoring/metric-family.js'
import { CancelledError, ExternalError, UserError } from '../../../../src/errors.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'
import { copyMonitor } from './arrange.js'
import { checkDrift, csv, driftContext, driftPorts, spread } from './drift-context.js'

const folder = useTemporaryFolder()

const ALL =
  'history: h.jsonl, metrics: {textfile: m.prom}, triggers: [{kind: webhook, url: "https://x.example", on: [fail, no-data]}]'

/** A drift of one column of two. */
function drifted(): void {
  folder.write(
    'a.csv',
    csv('x,y', 500, (i) => `${spread(i)},${spread(i + 3)}`),
  )
  folder.write(
    'b.csv',
    csv('x,y', 500, (i) => `${spread(i) + 1},${spread(i + 3)}`),
  )
}

const config = (more = ALL) => `{reference: a.csv, current: b.csv, ${more}}`

function refusal(): ExternalError {
  return new ExternalError({ code: 'MW-X-1', service: 'X', what: 'refused.', retryable: false })
}

/** What was sent where, by ports that send nothing. */
function receiving() {
  const events: KeyedEvent[] = []
  const families: MetricFamily[] = []
  return {
    events,
    families,
    openLedger: async () => createFileLedger(join(folder.path, 'ledger.jsonl')),
    openSender: async () => ({
      send: async (event: KeyedEvent) => {
        events.push(event)
        return {}
      },
    }),
    sendMetrics: async (sent: readonly MetricFamily[]) => {
      families.push(...sent)
      return []
    },
  }
}

describe('what drift sets off', () => {
  it('fires once for the same data, publishes metrics, and keeps the history', async () => {
    drifted()
    const ports = receiving()
    const first = await checkDrift({ folder: folder.path, config: config() }, ports)
    expect(first.predicate.triggers).toMatchObject([{ kind: 'webhook', fired: true }])
    expect(ports.events).toMatchObject([{ outcome: 'fail', decision: 'fail', drifted: ['x'] }])
    expect(ports.families.length).toBeGreaterThan(0)
    expect(folder.list()).toEqual(['a.csv', 'b.csv', 'h.jsonl', 'ledger.jsonl'])
    const again = await checkDrift({ folder: folder.path, config: config() }, ports)
    expect(again.predicate.triggers).toMatchObject([{ fired: false }])
    expect(ports.events).toHaveLength(1)
  })

  it('waits for the history: what cannot be kept is not acted on', async () => {
    drifted()
    folder.write('file', '')
    const ports = receiving()
    const blocked = config(ALL.replace('h.jsonl', 'file/h.jsonl'))
    const error = await errorOf(() => checkDrift({ folder: folder.path, config: blocked }, ports))
    expect(error.message).toMatch(/^MW-DRIFT-804/)
    expect([ports.events, ports.families]).toEqual([[], []])
    expect(folder.list()).not.toContain('ledger.jsonl')
  })

  it('is what a run that died before it had to be: the repetition fires, once, and counts the window once', async () => {
    drifted()
    const ports = receiving()
    const dying = { ...ports, openLedger: () => Promise.reject(new CancelledError()) }
    const died = await errorOf(() => checkDrift({ folder: folder.path, config: config() }, dying))
    expect(died).toBeInstanceOf(CancelledError)
    for (const fired of [true, false]) {
      const { predicate } = await checkDrift({ folder: folder.path, config: config() }, ports)
      expect(predicate.triggers).toMatchObject([{ fired }])
    }
    expect(ports.events).toHaveLength(1)
    expect(readFileSync(join(folder.path, 'h.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1)
  })

  it('is not fired again by the repetition of a run that died between firing and recording', async () => {
    drifted()
    const ports = receiving()
    const openLedger = async () => {
      const ledger = await ports.openLedger()
      return { ...ledger, record: () => Promise.reject(new CancelledError()) }
    }
    const dying = { ...ports, openLedger }
    const died = await errorOf(() => checkDrift({ folder: folder.path, config: config() }, dying))
    expect(died).toBeInstanceOf(CancelledError)
    expect(ports.events).toHaveLength(1)
    const { predicate } = await checkDrift({ folder: folder.path, config: config() }, ports)
    expect(predicate.triggers).toMatchObject([{ fired: false }])
    expect(ports.events).toHaveLength(1)
  })

  it('never changes the decision when it fails, and neither do metrics', async () => {
    drifted()
    const failing = {
      openLedger: async () => createFileLedger(join(folder.path, 'ledger.jsonl')),
      openSender: async () => ({ send: () => Promise.reject(refusal()) }),
      sendMetrics: () => Promise.reject(refusal()),
    }
    const { outcome, predicate, host } = await checkDrift(
      { folder: folder.path, config: config() },
      failing,
    )
    expect(predicate).toMatchObject({ decision: 'fail', triggers: [{ fired: false }] })
    expect(outcome.annotations?.map(({ title }) => title)).toEqual([
      'Drift',
      'A trigger did not fire',
    ])
    expect(host.lines.some((line) => /^warn: The metrics could not be sent/.test(line))).toBe(true)
  })

  it('never changes the decision where its record cannot be opened', async () => {
    drifted()
    const ports = { ...receiving(), openLedger: () => Promise.reject(refusal()) }
    const { predicate } = await checkDrift({ folder: folder.path, config: config() }, ports)
    expect(predicate).toMatchObject({ decision: 'fail', triggers: [{ fired: false }] })
    expect(ports.events).toEqual([])
  })

  it('is nothing in a dry run: no record, no metrics, no history', async () => {
    drifted()
    const ports = receiving()
    const { outcome, predicate } = await checkDrift(
      { folder: folder.path, config: config(`${ALL}, save-profile: p.profile.json`), dryRun: true },
      ports,
    )
    const reason = 'it would have fired, but for the dry run: drift'
    expect(outcome.details).toMatchObject({ triggers: [{ fired: false, reason }] })
    expect(predicate).toMatchObject({ decision: 'fail', triggers: [{ fired: false }] })
    expect([ports.events, ports.families]).toEqual([[], []])
    expect(folder.list()).toEqual(['a.csv', 'b.csv'])
  })

  it('names a column on one line of the output, whatever is in its name', async () => {
    const header = '"end\nsubgraph \u2028 x",y'
    folder.write(
      'a.csv',
      csv(header, 500, (i) => `${spread(i)},${spread(i + 3)}`),
    )
    folder.write(
      'b.csv',
      csv(header, 500, (i) => `${spread(i) + 1},${spread(i + 3)}`),
    )
    const { outcome } = await checkDrift({ folder: folder.path, config: config('') }, receiving())
    expect(outcome.outputs).toMatchObject({ drifted: 'end\\nsubgraph \\u2028 x' })
  })

  it('knows no data from drift', async () => {
    drifted()
    folder.write('b.csv', 't,x,y\n2024-01-01,1,2\n')
    const ports = receiving()
    const time = `${ALL}, time: {column: t, window: 1d, end: now}`
    const { predicate } = await checkDrift({ folder: folder.path, config: config(time) }, ports)
    expect(predicate).toMatchObject({ state: 'no-data', decision: 'inconclusive' })
    expect(ports.events).toMatchObject([{ outcome: 'no-data', drifted: [] }])
    const states = ports.families.find(({ name }) => name === 'modelway_drift_state')?.samples
    expect(states?.find(({ value }) => value === 1)?.labels).toMatchObject({ state: 'no-data' })
  })

  it('is nothing more once the run is cancelled', async () => {
    drifted()
    const ports = {
      ...receiving(),
      sendMetrics: () => Promise.reject(new CancelledError()),
    }
    const context = driftContext({ folder: folder.path, config: config() })
    const error = await errorOf(() => driftCheck(context, driftPorts(context, ports)))
    expect(error).toBeInstanceOf(CancelledError)
    const controller = new AbortController()
    controller.abort()
    const stopped = driftContext({
      folder: folder.path,
      config: config(),
      signal: controller.signal,
    })
    expect(await errorOf(() => driftCheck(stopped, driftPorts(stopped)))).toBeInstanceOf(
      CancelledError,
    )
  })
})

describe('the log', () => {
  it('names the columns that could not be judged, and why, twenty at most', async () => {
    const names = Array.from({ length: 23 }, (_, i) => `c${i}`)
    const line = (i: number) => names.map(() => `${spread(i)}`).join(',')
    folder.write('a.csv', csv(names.join(','), 500, line))
    folder.write('b.csv', csv(names.join(','), 9, line))
    const { predicate, host } = await checkDrift({
      folder: folder.path,
      config: config('alpha: 0.05'),
    })
    expect(predicate.inconclusiveShare).toBe(1)
    const told = host.lines.filter((one) => one.includes('not judged: '))
    expect(told).toHaveLength(21)
    expect(told[0]).toMatch(/^info: not judged: "c0": \S+/)
    expect(told.at(-1)).toBe('info: not judged: 3 more, which the report names')
  })
})

describe('Prometheus', () => {
  it('adds to the verdict what is not well, and fails the run where it cannot be read', async () => {
    folder.write(
      'a.csv',
      csv('x', 400, (i) => `${spread(i)}`),
    )
    folder.write(
      'b.csv',
      csv('x', 400, (i) => `${spread(i)}`),
    )
    const more =
      'prometheus: {url: "http://127.0.0.1:9", queries: {latency: {query: up, at-most: 1, level: fail}}}'
    const down = await errorOf(() =>
      checkDrift(
        { folder: folder.path, config: config(more) },
        { readOperational: () => Promise.reject(refusal()) },
      ),
    )
    expect(down).toBeInstanceOf(ExternalError)
  })
})

describe('results of other monitors', () => {
  const imported = (kind: string, more = '') =>
    checkDrift({
      folder: folder.path,
      config: `{source: ${kind}, current: m.json ${more}}`,
    })

  it.each([
    ['evidently-json', 'evidently-0.7-large.json'],
    ['evidently-json', 'evidently-0.4-small.json'],
    ['alibi-detect', 'alibi-tabular-feature.json'],
    ['alibi-detect', 'alibi-ks-fdr.json'],
  ])('of %s (%s) come to our decision, with the digest of what was read', async (kind, file) => {
    copyMonitor(folder.path, file, 'm.json')
    const { predicate, outcome } = await imported(kind)
    expect(predicate).toMatchObject({ state: 'judged', window: null, reference: { files: [] } })
    expect(predicate.columns.length).toBeGreaterThan(0)
    expect(predicate.decision).toMatch(/^(fail|warn|pass)$/)
    expect(outcome.subject).toMatchObject([{ name: 'm.json' }])
    const names = predicate.columns.filter((column) => column.drifted).map(({ name }) => name)
    expect(outcome.outputs['drifted']).toBe(names.join('\n'))
  })

  it('set off the same triggers', async () => {
    copyMonitor(folder.path, 'evidently-0.7-large.json', 'm.json')
    const ports = receiving()
    const { predicate } = await checkDrift(
      { folder: folder.path, config: `{source: evidently-json, current: m.json, ${ALL}}` },
      ports,
    )
    expect(predicate.triggers[0]?.fired).toBe(predicate.decision === 'fail')
    expect(ports.events).toHaveLength(predicate.decision === 'fail' ? 1 : 0)
    expect(ports.families.length).toBeGreaterThan(0)
  })

  it('are one file, and one that can be read', async () => {
    copyMonitor(folder.path, 'evidently-0.7-large.json', 'm.json')
    folder.write('n.json', '{}')
    const two = await errorOf(() =>
      checkDrift({ folder: folder.path, config: '{source: evidently-json, current: "*.json"}' }),
    )
    expect(two.message).toMatch(/^MW-DRIFT-014: drift\.current: 2 files/)
    folder.write('m.json', 'not { json')
    const broken = await errorOf(() => imported('alibi-detect'))
    expect(broken).toBeInstanceOf(UserError)
    expect(broken.message).toContain('m.json')
  })
})

describe('a reference', () => {
  it('is needed where data is compared', async () => {
    folder.write('b.csv', 'x\n1\n')
    const context = driftContext({
      folder: folder.path,
      config: '{reference: b.csv, current: b.csv}',
    })
    const settings = { ...context.settings, reference: undefined }
    const error = await errorOf(() => driftCheck({ ...context, settings }, driftPorts(context)))
    expect(error.message).toMatch(/^MW-DRIFT-013: drift\.reference/)
  })

  it('of one name from two places is two references', async () => {
    const table = (shift: number) => csv('x', 500, (i) => `${spread(i) + shift}`)
    folder.write('now.csv', table(0))
    const fetched: string[] = []
    const openSource = async () => ({
      transfers: () => [],
      fetch: async ({ source, target }: { readonly source: string; readonly target: string }) => {
        const name = target.slice(folder.path.length + 1)
        const file = folder.write(`${name}/data.csv`, table(source.includes('2015') ? 0 : 5))
        fetched.push(file)
        return { files: [file], revision: undefined, cacheHit: false }
      },
    })
    const { predicate } = await checkDrift(
      {
        folder: folder.path,
        config:
          '{reference: "https://x.example/2015/data.csv", references: {later: "https://x.example/2016/data.csv"}, current: now.csv}',
      },
      { openSource },
    )
    expect(new Set(fetched).size).toBe(2)
    expect(predicate.columns[0]?.against).toMatchObject([
      { status: 'stable' },
      { reference: 'later', status: 'drifted' },
    ])
    expect(predicate.decision).toBe('pass')
  })
})
