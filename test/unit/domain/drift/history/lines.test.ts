import { describe, expect, it } from '@jest/globals'
import { entryOf, type HistoryEntry } from '../../../../../src/domain/drift/history/entry.js'
import {
  addEntries,
  readHistory,
  writeHistory,
} from '../../../../../src/domain/drift/history/lines.js'
import { bodyOf, columnOf, day, window } from './bodies.js'

const entry = (index: number, at = day(index + 1)): HistoryEntry =>
  entryOf(window(index, bodyOf({ x: 'stable' })), { at, state: 'judged' })
const text = writeHistory([entry(0), entry(1)])
const windows = (entries: readonly HistoryEntry[]) => entries.map((one) => one.window.slice(0, 10))

describe('the history as text', () => {
  it('comes back as it was written, whatever columns are called', () => {
    const names = ['naïve|<b>', 'a\nb', '::set-output', 'constructor', '']
    const body = bodyOf({}, { columns: names.map((name, i) => columnOf(name, 'drifted', i / 3)) })
    const written = [entryOf(window(0, body), { at: day(1), state: 'judged' })]
    const once = writeHistory(written)
    expect(once.split('\n')).toHaveLength(2)
    expect(readHistory(once, 'h')).toEqual({ entries: written, problems: [], torn: false })
    expect(Object.keys(written[0]?.columns ?? {})).toEqual(names)
    expect(written[0]?.columns['a\nb']).toEqual({
      status: 'drifted',
      distance: 0.333333,
      threshold: 0.1,
      adjustedPValue: 0.01,
    })
  })

  it('keeps a column called __proto__ as a column', () => {
    const body = bodyOf({}, { columns: [columnOf('__proto__', 'drifted')] })
    const [read] = readHistory(
      writeHistory([entryOf(window(0, body), { at: day(1), state: 'judged' })]),
      'h',
    ).entries
    expect(Object.keys(read?.columns ?? {})).toEqual(['__proto__'])
  })

  it('nothing, blank lines and a byte order mark are no problem', () => {
    expect(readHistory('', 'h')).toEqual({ entries: [], problems: [], torn: false })
    expect(readHistory(`\uFEFF\n${text.replaceAll('\n', '\r\n\n')}`, 'h')).toMatchObject({
      problems: [],
      entries: [{}, {}],
    })
  })

  it('a last line that was cut off is left out', () => {
    const read = readHistory(text.slice(0, -20), 'h')
    expect(read).toMatchObject({ torn: true, problems: [] })
    expect(windows(read.entries)).toEqual(['1970-01-01'])
  })

  it('a broken line that ends, or lies before others, is named by its number', () => {
    for (const broken of [`${text}<<<<<<< HEAD\n`, `<<<<<<< HEAD\n${text}`]) {
      const { problems, torn } = readHistory(broken, 'drift.jsonl')
      expect(torn).toBe(false)
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatchObject({ code: 'MW-DRIFT-801', what: 'it is not JSON' })
      expect(problems[0]?.where).toMatch(/^drift\.jsonl, line [13]$/)
    }
  })

  it('a line of a newer version is not guessed at', () => {
    const line = JSON.stringify({ ...entry(2), schema_version: 2 })
    expect(readHistory(`${text}${line}`, 'h').problems[0]).toMatchObject({
      code: 'MW-DRIFT-802',
      where: 'h, line 3',
    })
  })

  it.each([
    ['null'],
    ['[]'],
    ['"text"'],
    ['{}'],
    [JSON.stringify({ ...entry(0), at: 'yesterday' })],
    [JSON.stringify({ ...entry(0), window: '' })],
    [JSON.stringify({ ...entry(0), decision: 'maybe' })],
    [JSON.stringify({ ...entry(0), state: 'lost' })],
    [JSON.stringify({ ...entry(0), rows: { reference: 1 } })],
    [JSON.stringify({ ...entry(0), driftedShare: null })],
    [JSON.stringify({ ...entry(0), columns: [] })],
    [JSON.stringify({ ...entry(0), columns: { x: null } })],
    [JSON.stringify({ ...entry(0), columns: { x: { status: 'fine' } } })],
    [JSON.stringify({ ...entry(0), columns: { x: { status: 'stable', distance: '1' } } })],
  ])('%s is no entry', (line) => {
    const { problems, entries } = readHistory(`${line}\n`, 'h')
    expect(entries).toEqual([])
    expect(problems[0]).toMatchObject({ code: 'MW-DRIFT-803', where: 'h, line 1' })
  })

  it('names ten lines at most', () => {
    expect(readHistory('x\n'.repeat(1000), 'h').problems).toHaveLength(10)
  })

  it('keeps what a later release adds to a line', () => {
    const line = `${JSON.stringify({ ...entry(0), more: { than: 'this' } })}\n`
    expect(writeHistory(readHistory(line, 'h').entries)).toBe(line)
  })
})

describe('adding to the history', () => {
  it('puts windows where they lie in time, and replaces one that is there', () => {
    const before = [entry(0), entry(2)]
    const again = { ...entry(2), decision: 'fail' } as const
    const after = addEntries(before, [again, entry(1)])
    expect(windows(after)).toEqual(['1970-01-01', '1970-01-02', '1970-01-03'])
    expect(after[2]?.decision).toBe('fail')
    expect(addEntries(after, [again, entry(1)])).toEqual(after)
  })

  it('keeps the last thousand', () => {
    const many = Array.from({ length: 1005 }, (_, i) => entry(i))
    const kept = addEntries(many.slice(0, 1000), many.slice(1000))
    expect(kept).toHaveLength(1000)
    expect(kept[0]?.window).toBe(many[5]?.window)
  })

  it('keeps fewer where they are large', () => {
    const columns = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [
        `column ${i}`,
        { status: 'stable', distance: null, threshold: null, adjustedPValue: null } as const,
      ]),
    )
    const large = Array.from({ length: 12 }, (_, i) => ({ ...entry(i), columns }))
    const kept = addEntries([], large)
    const size = writeHistory(kept).length
    expect(size).toBeLessThanOrEqual(16 * 1024 * 1024)
    expect(size).toBeGreaterThan(14 * 1024 * 1024)
    expect(kept.at(-1)?.window).toBe(large.at(-1)?.window)
  })
})
