import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  decoderOf,
  feeder,
  type TextFormat,
} from '../../../../../src/adapters/telemetry/predictions/text/decoder.js'
import { readRecord } from '../../../../../src/tabular/csv/csv-record.js'

/** What a decoder gives of bytes that come in these pieces. */
function decoded(format: TextFormat, pieces: readonly Buffer[]) {
  const records: unknown[] = []
  let bad = 0
  const sink = {
    record: (fields: unknown) => void records.push(fields),
    bad: () => {
      bad += 1
    },
  }
  const feed = feeder(decoderOf(format, sink, { readRecord }))
  for (const piece of pieces) feed.push(piece)
  feed.push(Buffer.alloc(0), true)
  return { records, bad, done: feed.done }
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...ends].map((from, i) => bytes.subarray(from, ends[i] ?? bytes.length))
}

const cuts = fc.array(fc.nat(), { maxLength: 8 })
const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 6 })
const cell = fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => !text.includes('\r'))
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

describe('bytes that are cut anywhere', () => {
  it('are the same lines of JSON', () => {
    const lines = fc.array(
      fc.oneof(
        fc.jsonValue().map((value) => JSON.stringify(value)),
        fc.constantFrom('{"x', '', ' '),
      ),
    )
    fc.assert(
      fc.property(lines, cuts, fc.boolean(), (texts, places, ends) => {
        const bytes = Buffer.from(texts.join('\n') + (ends ? '\n' : ''))
        const whole = decoded('json-lines', [bytes])
        expect(decoded('json-lines', cutAt(bytes, places))).toEqual(whole)
        expect(whole.done).toBe(bytes.length)
        expect(whole.bad).toBe(texts.filter((text) => text === '{"x').length)
      }),
      { seed: 7 },
    )
  })

  it('are the same rows of CSV, with whatever the cells hold', () => {
    const table = fc
      .uniqueArray(name, { minLength: 2, maxLength: 4 })
      .chain((names) =>
        fc.tuple(
          fc.constant(names),
          fc.array(fc.array(cell, { minLength: names.length, maxLength: names.length })),
        ),
      )
    fc.assert(
      fc.property(table, cuts, ([names, rows], places) => {
        const text = [names, ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('')
        const bytes = Buffer.from(text)
        const found = decoded('csv', cutAt(bytes, places))
        expect(found.bad).toBe(0)
        expect(found.records).toEqual(
          rows.map((row) =>
            Object.fromEntries(
              names.flatMap((key, i) =>
                row[i] === '' || key === '__proto__' ? [] : [[key, row[i]]],
              ),
            ),
          ),
        )
      }),
      { seed: 7 },
    )
  })

  it('are one value of JSON as a whole', () => {
    fc.assert(
      fc.property(fc.jsonValue(), cuts, (value, places) => {
        const bytes = Buffer.from(JSON.stringify(value, null, 2))
        expect(decoded('json', cutAt(bytes, places)).records).toEqual([
          JSON.parse(JSON.stringify(value)),
        ])
      }),
      { seed: 7 },
    )
  })
})

describe('rows of CSV', () => {
  it('that are broken are counted, and the next ones read', () => {
    const text = 'a,b\n1,2\n"x"y,3\n4\n5,6,7\n8,9\n'
    expect(decoded('csv', [Buffer.from(text)])).toMatchObject({
      records: [
        { a: '1', b: '2' },
        { a: '8', b: '9' },
      ],
      bad: 3,
    })
  })

  it('whose quote is never closed end with it', () => {
    expect(decoded('csv', [Buffer.from('a,b\n1,"2\n3,4\n')])).toMatchObject({ records: [], bad: 1 })
  })

  it('are cut at the character that the header has most of, without its mark of bytes', () => {
    expect(decoded('csv', [Buffer.from('\ufeffa\tb\r\n1\t2,5\r\n')]).records).toEqual([
      { a: '1', b: '2,5' },
    ])
  })

  it('that are too long are passed over', () => {
    const huge = Buffer.from(`a,b\n1,${'x'.repeat(2_500_000)}\n3,4\n`)
    const pieces = [huge.subarray(0, 1_500_000), huge.subarray(1_500_000)]
    expect(decoded('csv', pieces)).toMatchObject({ records: [{ a: '3', b: '4' }], bad: 1 })
  })
})
