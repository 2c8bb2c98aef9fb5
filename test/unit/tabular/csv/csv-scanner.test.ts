import { describe, expect, it } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { cellText } from '../../../../src/domain/table/column.js'
import { CsvColumn } from '../../../../src/tabular/csv/csv-column.js'
import { CsvScanner } from '../../../../src/tabular/csv/csv-scanner.js'

/** All cells as text, missing ones as the empty string, cut into chunks of the given size. */
function scan(bytes: Buffer, chunkSize: number, delimiter = ','): string[][] {
  let columns: CsvColumn[] = []
  const scanner = new CsvScanner({
    shownAs: 'x.csv',
    delimiter: delimiter.charCodeAt(0),
    onHeader: (names) => {
      columns = names.map(
        (name) => new CsvColumn({ name, wanted: true, type: 'string', capacity: 1 }),
      )
      return columns
    },
  })
  for (let at = 0; at < bytes.length; at += chunkSize) {
    // A copy that is wiped: the scanner must not keep the chunk.
    const chunk = Buffer.from(bytes.subarray(at, at + chunkSize))
    scanner.push(chunk)
    chunk.fill(0x2c)
  }
  scanner.end()
  const finished = columns.map((column) => column.finish(scanner.rows))
  const rows = Array.from({ length: scanner.rows }, (_, row) =>
    finished.map((column) => cellText(column, row) ?? ''),
  )
  return [columns.map(({ name }) => name), ...rows]
}

const piece = fc.constantFrom(
  ...[
    '"',
    '""',
    ',',
    ';',
    '\t',
    '|',
    '\n',
    '\r\n',
    '\r',
    ' ',
    'a',
    '1',
    '-0.5',
    'ï',
    '€',
    '😀',
    '.',
  ],
)
const cell = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
const hostileFile = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    newline: fc.constantFrom('\n', '\r\n'),
    bom: fc.boolean(),
    lastNewline: fc.boolean(),
    width: fc.integer({ min: 2, max: 4 }),
    cells: fc.array(fc.tuple(cell, fc.boolean()), { maxLength: 24 }),
  })
  .map((file) => {
    const written = file.cells.map(([text, quoteAnyway]) =>
      quoteAnyway || /["\r\n,;\t|]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
    )
    const records = [Array.from({ length: file.width }, (_, index) => `c${index}`)]
    for (let at = 0; at + file.width <= written.length; at += file.width) {
      records.push(written.slice(at, at + file.width))
    }
    const lines = records.map((record) => record.join(file.delimiter)).join(file.newline)
    const text = `${file.bom ? '\uFEFF' : ''}${lines}${file.lastNewline ? file.newline : ''}`
    return { bytes: Buffer.from(text), delimiter: file.delimiter, newline: file.newline }
  })

describe('cells', () => {
  it('agree with csv-parse on hostile files, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(hostileFile, fc.integer({ min: 1, max: 40 }), (file, chunkSize) => {
        const theirs = parse(file.bytes, {
          bom: true,
          delimiter: file.delimiter,
          record_delimiter: file.newline,
        })
        expect(scan(file.bytes, chunkSize, file.delimiter)).toEqual(theirs)
      }),
      { numRuns: 2000, seed: 11 },
    )
  })

  it('do not depend on the size of the chunks', () => {
    const text =
      '\uFEFFname,"a ""b""",ï\r\n"multi\r\nline, ""quoted""",😀,\n\r\n,"",x"y\r\nlast,1,"end"'
    const bytes = Buffer.from(text)
    const expected = [
      ['name', 'a "b"', 'ï'],
      ['multi\r\nline, "quoted"', '😀', ''],
      ['', '', 'x"y'],
      ['last', '1', 'end'],
    ]
    for (let size = 1; size <= bytes.length; size++) expect(scan(bytes, size)).toEqual(expected)
  })

  it('may be larger than a chunk by far', () => {
    const large = `${'x'.repeat(1_500_000)}\n"${'y'.repeat(700_000)}`
    const bytes = Buffer.from(`a,b\n"${large.replaceAll('"', '""')}",2\n`)
    expect(scan(bytes, 65_536)).toEqual([
      ['a', 'b'],
      [large, '2'],
    ])
  })

  it('of a file with one column are missing on a blank line', () => {
    expect(scan(Buffer.from('a\n1\n\n2\n'), 3)).toEqual([['a'], ['1'], [''], ['2']])
  })
})

describe('faults', () => {
  it.each([
    ['a,b\n1,2\n3\n', 'MW-DATA-006: x.csv:3: the row has 1 cell but the header has 2.'],
    ['a,b\n"1\n2",2\n\n1,2,3\n', 'MW-DATA-006: x.csv:5: the row has 3 cells but the header has 2.'],
    ['a,b\n1,"x\n\ny",2\n', 'MW-DATA-006: x.csv:2: the row has 3 cells but the header has 2.'],
    ['a,b\n1,2\n"x\ny","z\n\n3,4\n', 'MW-DATA-007: x.csv:4: a quoted cell begins here and never'],
    ['a,"b\n1,2\n', 'MW-DATA-007: x.csv:1: a quoted cell begins here and never ends.'],
    ['a,b\n1,"2"3\n', 'MW-DATA-010: x.csv:2: text follows the closing quote of a cell.'],
    ['"a"x,b\n', 'MW-DATA-010: x.csv:1: text follows the closing quote of a cell.'],
    ['a,b\n1,2\n3,\0\n', 'MW-DATA-009: x.csv:3: the file holds a NUL byte'],
    ['a,b\r1,2\r', 'MW-DATA-020: x.csv:1: lines end with a carriage return alone.'],
    ['', 'MW-DATA-004: x.csv: the file is empty.'],
    ['\uFEFF', 'MW-DATA-004: x.csv:1: the header row is empty.'],
    ['\n\n', 'MW-DATA-004: x.csv:1: the header row is empty.'],
  ])('of %j are named with the line, whatever the chunks', (text, message) => {
    for (const size of [1, 2, 5, 1000]) {
      expect(() => scan(Buffer.from(text), size)).toThrow(message)
    }
  })

  it('of the encoding are named with the line', () => {
    const latin1 = Buffer.from('a,b\n1,2\nna\u00efve,3\n', 'latin1')
    for (const size of [1, 3, 1000]) {
      expect(() => scan(latin1, size)).toThrow(/MW-DATA-008: x\.csv:3: the text is not valid UTF-8/)
    }
    const cut = Buffer.from('a,b\n1,\u20ac').subarray(0, -1)
    expect(() => scan(cut, 1000)).toThrow(/MW-DATA-008: x\.csv:2/)
  })
})

describe('a cell that is longer than a chunk', () => {
  const CHUNK = 1 << 16

  it('is read to its end, wherever its quotes and line ends are cut', () => {
    for (const shift of [0, 1, 2, 3]) {
      const text = `${'x'.repeat(CHUNK - 6 - shift)}""${'é"",\n'.repeat(60_000)}`
      const file = `a,b\r\n"${text}","${text}"\r\n"1","${'y'.repeat(CHUNK * 2)}"\r\n`
      const cell = text.replaceAll('""', '"')
      const rows = scan(Buffer.from(file), CHUNK)
      expect(rows[1]?.every((found) => found === cell)).toBe(true)
      expect(rows[2]?.map((found) => found.length)).toEqual([1, CHUNK * 2])
    }
  })

  it('is read plain, with a line end that is cut and an empty line behind it', () => {
    const long = 'z'.repeat(CHUNK * 3)
    const head = `a,b\n1,${'w'.repeat(CHUNK - 7)}`
    const file = `${head}\r\n\r\n${long},2\r\n3,${long}`
    expect(head.length).toBe(CHUNK - 1)
    expect(scan(Buffer.from(file), CHUNK).slice(2)).toEqual([
      [long, '2'],
      ['3', long],
    ])
  })

  it.each([
    ['"', 'x.csv:3: a cell is longer than 64 MB. Close the quotes'],
    ['', 'x.csv:3: a cell is longer than 64 MB. Close the quotes'],
  ])('is refused beyond 64 MB by its line: %j', (quote, message) => {
    const scanner = new CsvScanner({
      shownAs: 'x.csv',
      delimiter: 44,
      onHeader: () => [new CsvColumn({ name: 'a', wanted: false, capacity: 1 })],
    })
    scanner.push(Buffer.from(`a\n1\n${quote}`))
    expect(() => pushForever(scanner)).toThrow(`MW-DATA-028: ${message}`)
  })

  it('is refused in a header, too', () => {
    const options = { shownAs: 'x.csv', delimiter: 44, onHeader: () => [] }
    expect(() => pushForever(new CsvScanner(options))).toThrow(
      'MW-DATA-028: x.csv:1: a header is longer than 64 MB. Write a header row',
    )
  })

  function pushForever(scanner: CsvScanner): void {
    const chunk = Buffer.alloc(1 << 22, 'x')
    for (let i = 0; i < 32; i++) scanner.push(chunk)
  }
})
