import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Gained } from '../../../../../src/ports/signals.js'
import { openLog, VERSIONS } from './arrange.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const START = Date.UTC(2026, 10, 24, 5)
const stretch = (from: number, to: number) => ({
  ...VERSIONS,
  from: START + from * 1000,
  to: START + to * 1000,
})

let sequence = 0
/** A line of the log, dated so many seconds after the start. */
function line(version: string, seconds: number, more: object = {}): string {
  const time = new Date(START + seconds * 1000).toISOString()
  return `${JSON.stringify({ time, version, id: `r${sequence++}`, prediction: 1, ...more })}\n`
}
const path = (name: string) => join(folder, name)
const requests = (gained: Gained | undefined) =>
  gained && [gained.counters.stable.requests, gained.counters.canary.requests]

describe('a log in files', () => {
  it('counts what was written since the mark, once', async () => {
    writeFileSync(path('a.jsonl'), line('v1', -5))
    const signals = await openLog(folder, { files: '*.jsonl' })
    await signals.mark?.(VERSIONS)
    appendFileSync(path('a.jsonl'), line('v1', 1) + line('v2', 2, { status: 500 }))
    const first = await signals.between(stretch(0, 10))
    expect(requests(first)).toEqual([1, 1])
    expect(first?.counters.canary.errors).toBe(1)
    expect(first?.samples.map(({ version, prediction }) => [version, prediction])).toEqual([
      ['stable', '1'],
      ['canary', '1'],
    ])
    appendFileSync(path('a.jsonl'), line('v1', 12))
    expect(requests(await signals.between(stretch(10, 20)))).toEqual([1, 0])
    expect(requests(await signals.between(stretch(20, 30)))).toEqual([0, 0])
  })

  it('counts a late answer in the stretch in which it is first seen, unless it is older than the weights', async () => {
    writeFileSync(path('a.jsonl'), '')
    const signals = await openLog(folder, { files: 'a.jsonl' })
    await signals.mark?.(VERSIONS)
    await signals.between(stretch(0, 10))
    appendFileSync(path('a.jsonl'), line('v1', 3) + line('v1', -30))
    expect(requests(await signals.between(stretch(10, 20)))).toEqual([1, 0])
  })

  it('begins anew where a stretch does not follow the one before', async () => {
    writeFileSync(path('a.jsonl'), '')
    const signals = await openLog(folder, { files: 'a.jsonl', 'clock-skew': '0s' })
    await signals.between(stretch(0, 10))
    appendFileSync(path('a.jsonl'), line('v2', 12) + line('v1', 31))
    const swapped = { ...stretch(30, 40), stable: 'v2', canary: 'v1' }
    const gained = await signals.between(swapped)
    expect(requests(gained)).toEqual([0, 1])
  })

  it('bears clocks that are behind by the skew', async () => {
    writeFileSync(path('a.jsonl'), line('v1', -0.5) + line('v1', -1.5))
    const signals = await openLog(folder, { files: 'a.jsonl' })
    expect(requests(await signals.between(stretch(0, 10)))).toEqual([1, 0])
  })

  it('tells of clocks that are ahead', async () => {
    writeFileSync(path('a.jsonl'), line('v1', 3600))
    const signals = await openLog(folder, { files: 'a.jsonl' })
    const gained = await signals.between(stretch(0, 10))
    expect(requests(gained)).toEqual([1, 0])
    expect(gained?.warnings.join()).toContain('the clocks differ')
  })

  it('leaves a line that is only half written for the next look', async () => {
    writeFileSync(path('a.jsonl'), '')
    const signals = await openLog(folder, { files: 'a.jsonl' })
    const whole = line('v1', 1)
    appendFileSync(path('a.jsonl'), whole.slice(0, 20))
    await signals.mark?.(VERSIONS)
    expect(requests(await signals.between(stretch(0, 10)))).toEqual([0, 0])
    appendFileSync(path('a.jsonl'), whole.slice(20))
    const gained = await signals.between(stretch(10, 20))
    expect(requests(gained)).toEqual([1, 0])
    expect(gained?.warnings).toEqual([])
  })

  it('counts bad lines, and goes on', async () => {
    const lines = [
      '{"broken',
      '[]',
      '"text"',
      '7',
      '{"no":"version"}',
      '',
      '   ',
      '\0\0',
      line('v1', 1).trim(),
    ]
    writeFileSync(path('a.jsonl'), `${lines.join('\n')}\n`)
    const signals = await openLog(folder, { files: 'a.jsonl' })
    const gained = await signals.between(stretch(0, 10))
    expect(requests(gained)).toEqual([1, 0])
    expect(gained?.warnings).toEqual(['5 records could not be read and are not counted.'])
  })

  it('passes over a line that is too long, however it is cut', async () => {
    const huge = `{"version":"v1","prediction":"${'x'.repeat(3_500_000)}"}\n`
    writeFileSync(path('a.jsonl'), line('v1', 1) + huge.slice(0, 2_000_000))
    const signals = await openLog(folder, { files: 'a.jsonl' })
    expect(requests(await signals.between(stretch(0, 10)))).toEqual([1, 0])
    appendFileSync(path('a.jsonl'), huge.slice(2_000_000) + line('v2', 2))
    const gained = await signals.between(stretch(10, 20))
    expect(requests(gained)).toEqual([0, 1])
  })

  it('follows a file that is renamed, and the new one in its place', async () => {
    writeFileSync(path('a.log'), line('v1', 1))
    const signals = await openLog(folder, { files: '*' })
    await signals.between(stretch(0, 10))
    appendFileSync(path('a.log'), line('v1', 11))
    renameSync(path('a.log'), path('a.log.1'))
    writeFileSync(path('a.log'), line('v2', 12))
    expect(requests(await signals.between(stretch(10, 20)))).toEqual([1, 1])
  })

  it('follows a file that is copied and truncated', async () => {
    writeFileSync(path('a.log'), line('v1', 1) + line('v1', 2))
    const signals = await openLog(folder, { files: 'a.log*' })
    await signals.between(stretch(0, 10))
    appendFileSync(path('a.log'), line('v1', 11))
    copyFileSync(path('a.log'), path('a.log.1'))
    truncateSync(path('a.log'))
    appendFileSync(path('a.log'), line('v2', 12))
    expect(requests(await signals.between(stretch(10, 20)))).toEqual([1, 1])
    expect(requests(await signals.between(stretch(20, 30)))).toEqual([0, 0])
  })

  it('reads of a file that was packed what it had not read before', async () => {
    const old = line('v1', 1) + line('v1', 2)
    writeFileSync(path('a.log'), old)
    const signals = await openLog(folder, { files: '*' })
    await signals.between(stretch(0, 10))
    rmSync(path('a.log'))
    writeFileSync(path('a.log.1.gz'), gzipSync(old + line('v2', 11)))
    expect(requests(await signals.between(stretch(10, 20)))).toEqual([0, 1])
    expect(requests(await signals.between(stretch(20, 30)))).toEqual([0, 0])
  })

  it('waits for a packed file that is only half written', async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => line('v1', 1 + i / 1000)).join('')
    const packed = gzipSync(lines)
    writeFileSync(path('a.jsonl.gz'), packed.subarray(0, packed.length / 2))
    const signals = await openLog(folder, { files: '*' })
    const first = requests(await signals.between(stretch(0, 10)))?.[0] ?? 0
    writeFileSync(path('a.jsonl.gz'), packed)
    const second = requests(await signals.between(stretch(10, 20)))?.[0] ?? 0
    expect(first + second).toBe(5000)
  })

  it('tells of a packed file that is broken', async () => {
    writeFileSync(path('a.jsonl.gz'), Buffer.from('1f8b0800deadbeef', 'hex'))
    writeFileSync(path('b.jsonl'), line('v1', 1))
    const signals = await openLog(folder, { files: '*' })
    const gained = await signals.between(stretch(0, 10))
    expect(requests(gained)).toEqual([1, 0])
    writeFileSync(path('c.jsonl.gz'), 'no gzip at all')
    expect((await signals.between(stretch(10, 20)))?.warnings.join()).toContain(
      'cannot be unpacked',
    )
  })

  it('is unknown, not zero, as long as there is no file', async () => {
    const signals = await openLog(folder, { files: 'later/*.jsonl' })
    await signals.mark?.(VERSIONS)
    expect(await signals.between(stretch(0, 10))).toBeUndefined()
  })

  it('that names neither version says which it names', async () => {
    writeFileSync(path('a.jsonl'), line('other', 1))
    const signals = await openLog(folder, { files: 'a.jsonl' })
    await expect(signals.between(stretch(0, 10))).rejects.toThrow(/MW-DEPLOY-310.*"other"/)
  })

  it('of others too may be silent once it has named ours', async () => {
    writeFileSync(path('a.jsonl'), line('v1', 1))
    const signals = await openLog(folder, { files: 'a.jsonl' })
    await signals.between(stretch(0, 10))
    appendFileSync(path('a.jsonl'), line('other', 11))
    expect(requests(await signals.between(stretch(10, 20)))).toEqual([0, 0])
  })

  it('that cannot be told by its name is refused', async () => {
    writeFileSync(path('a.bin'), 'x')
    const signals = await openLog(folder, { files: 'a.bin' })
    await expect(signals.between(stretch(0, 10))).rejects.toThrow(/MW-DEPLOY-311/)
  })

  it('does not leave the working directory', async () => {
    const signals = await openLog(folder, { files: '../*.jsonl' })
    writeFileSync(path('a.jsonl'), '')
    await expect(
      (await openLog(folder, { files: '/etc/passwd' })).between(stretch(0, 10)),
    ).rejects.toThrow(/MW-PATH-001/)
    void signals
  })

  it('counts answers without a date only from the mark on', async () => {
    const undated = '{"version":"v1"}\n'
    writeFileSync(path('a.jsonl'), undated)
    const unmarked = await openLog(folder, { files: 'a.jsonl' })
    expect(requests(await unmarked.between(stretch(0, 10)))).toEqual([0, 0])
    appendFileSync(path('a.jsonl'), undated)
    expect(requests(await unmarked.between(stretch(10, 20)))).toEqual([1, 0])
  })

  it('reads lists of records, and a file of JSON as a whole', async () => {
    writeFileSync(
      path('a.jsonl'),
      `${`[${line('v1', 1)},${line('v2', 1)}]`.replaceAll('\n', '')}\n`,
    )
    writeFileSync(path('b.json'), JSON.stringify([JSON.parse(line('v1', 2))], null, 2))
    const signals = await openLog(folder, { files: '*' })
    expect(requests(await signals.between(stretch(0, 10)))).toEqual([2, 1])
    expect(requests(await signals.between(stretch(10, 20)))).toEqual([0, 0])
  })
})

describe('a log in CSV', () => {
  it('is read on with the names of its first line', async () => {
    const time = (seconds: number) => new Date(START + seconds * 1000).toISOString()
    writeFileSync(path('a.csv'), 'time;version;id;prediction;ms\n')
    const settings = { files: 'a.csv', columns: { latency: 'ms' } }
    const signals = await openLog(folder, settings, { overs: [200] })
    await signals.mark?.(VERSIONS)
    appendFileSync(path('a.csv'), `${time(1)};v1;"a\n;b";1.0;150\n${time(2)};v2;c;x`)
    const first = await signals.between(stretch(0, 10))
    expect(first?.samples).toEqual([
      { requestId: 'a\n;b', version: 'stable', mirrored: false, prediction: '1', latencyMs: 150 },
    ])
    const bucket = first?.latencyBounds.indexOf(200) ?? -1
    expect(first?.counters.stable.latency[bucket]).toBe(1)
    appendFileSync(path('a.csv'), `;9\n${time(3)};v2;too;few\n`)
    const second = await signals.between(stretch(10, 20))
    expect(requests(second)).toEqual([0, 1])
    expect(second?.warnings).toEqual(['1 records could not be read and are not counted.'])
  })
})

describe('mirrored answers', () => {
  const pair = (one: object, other: object) => {
    const id = `p${sequence++}`
    return (
      line('v1', 1, { id, mirrored: false, ...one }) +
      line('v2', 1, { id, mirrored: true, ...other })
    )
  }

  it('are compared by request, and are no answers to users', async () => {
    writeFileSync(
      path('a.jsonl'),
      [
        pair({ prediction: 1 }, { prediction: 1.0000000001 }),
        pair({ prediction: 'cat' }, { prediction: 'dog' }),
        pair({ prediction: 1 }, { status: 500 }),
        pair({ status: 502 }, { prediction: 1 }),
        pair({ status: 502 }, { status: 500 }),
        line('v2', 1, { mirrored: true }),
      ].join(''),
    )
    const signals = await openLog(folder, { files: 'a.jsonl' })
    const gained = await signals.between(stretch(0, 10))
    expect(gained?.counters.mirror).toEqual({
      agree: 1,
      disagree: 1,
      canaryOnlyErrors: 1,
      stableOnlyErrors: 1,
      discarded: 0,
    })
    expect(requests(gained)).toEqual([5, 0])
  })

  it('are known where the canary answers no user, also of a log that does not tell copies', async () => {
    const log = ['v1', 'v2'].map((version) =>
      line(version, 1, { id: 'p', prediction: version, ms: 5 }),
    )
    writeFileSync(path('a.jsonl'), log.join(''))
    const settings = { files: 'a.jsonl', columns: { latency: 'ms' } }
    const shadow = await openLog(folder, settings)
    const gained = await shadow.between({ ...stretch(0, 10), copiesOnly: true })
    expect(gained?.counters.mirror.disagree).toBe(1)
    expect(requests(gained)).toEqual([1, 0])
    expect(gained?.samples.map(({ mirrored }) => mirrored)).toEqual([false, true])
    const canary = await (await openLog(folder, settings)).between(stretch(0, 10))
    expect(canary?.counters.mirror.disagree).toBe(0)
    expect(requests(canary)).toEqual([1, 1])
  })

  it('are compared by their times against the bound that is looked at', async () => {
    const times = [
      [100, 300],
      [300, 100],
      [300, 301],
      [1, 2],
    ]
    const log = times.map(([one, other]) =>
      pair({ prediction: 1, ms: one }, { prediction: 1, ms: other }),
    )
    writeFileSync(path('a.jsonl'), log.join(''))
    const settings = { files: 'a.jsonl', columns: { latency: 'ms' } }
    const signals = await openLog(folder, settings, { slowMs: 200 })
    const mirror = (await signals.between(stretch(0, 10)))?.counters.mirror
    expect(mirror).toMatchObject({ agree: 4, canaryOnlySlow: 1, stableOnlySlow: 1 })
    const without = await (await openLog(folder, settings)).between(stretch(0, 10))
    expect(without?.counters.mirror).not.toHaveProperty('canaryOnlySlow')
  })

  it('find each other over stretches', async () => {
    const [one = '', other = ''] = pair({ prediction: 1 }, { prediction: 2 }).split(/(?<=\n)/)
    writeFileSync(path('a.jsonl'), other)
    const signals = await openLog(folder, { files: 'a.jsonl' })
    await signals.between(stretch(0, 10))
    appendFileSync(path('a.jsonl'), one)
    expect((await signals.between(stretch(10, 20)))?.counters.mirror.disagree).toBe(1)
  })
})
