import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { memoryLimits, refuseTooLarge } from '../../../src/tabular/memory.js'
import type { ColumnSchema } from '../../../src/tabular/table-format.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-memory-'))
})
afterAll(() => rm(folder, { recursive: true }))

const GB = 1e9
const limits = { total: 4 * GB, heap: 2 * GB }
const columns = (bytes?: number): ColumnSchema[] =>
  (['id', 'label', 'prediction', 'score'] as const).map((name) => ({ name, type: 'number', bytes }))
const all = ['id', 'label', 'prediction', 'score']

/** A file of that size that takes no room on the disk. */
async function sparse(name: string, size: number): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, '')
  await truncate(path, size)
  return path
}

const weigh = (
  path: string,
  schema: { rows: number | undefined; columns: ColumnSchema[] },
  wanted = all,
) => refuseTooLarge({ path, shownAs: 'predictions', schema, wanted }, limits)

describe('a file that memory cannot hold', () => {
  it('of Parquet is refused by its rows, before they are read', async () => {
    const schema = { rows: 312_000_000, columns: columns(2.5 * GB) }
    await expect(weigh('x.parquet', schema)).rejects.toThrow(
      'MW-DATA-023: predictions: reading 4 columns of 312000000 rows would take about 30 GB of memory, and 4.0 GB may be used.',
    )
    await expect(
      weigh('x.parquet', { rows: 10_000_000, columns: columns(GB) }),
    ).resolves.toBeUndefined()
  })

  it('counts the columns that are read, not those of the file', async () => {
    const schema = { rows: 100_000_000, columns: columns(GB) }
    await expect(weigh('x.parquet', schema)).rejects.toThrow('MW-DATA-023')
    await expect(weigh('x.parquet', schema, ['score'])).resolves.toBeUndefined()
  })

  it('of texts is refused by the heap that they would need', async () => {
    const text = { name: 'id', type: 'string' as const, bytes: GB }
    const schema = { rows: 1_000_000, columns: [text, ...columns(GB).slice(1)] }
    await expect(weigh('x.parquet', schema)).rejects.toThrow('memory')
    await expect(weigh('x.parquet', schema, ['label', 'score'])).resolves.toBeUndefined()
  })

  it.each([
    ['10.csv', 10 * GB, false],
    ['1.csv', GB, true],
    ['1.csv.gz', GB, false],
    ['1.jsonl', GB, false],
    ['0.5.jsonl', 0.5 * GB, true],
  ])('of text is refused by its size: %s', async (name, size, fits) => {
    const path = await sparse(name, size)
    const weighed = weigh(path, { rows: undefined, columns: columns() })
    if (fits) await expect(weighed).resolves.toBeUndefined()
    else await expect(weighed).rejects.toThrow('MW-DATA-023')
  })

  it('is measured by what this process may use', () => {
    const found = memoryLimits(0.5)
    expect(found.total).toBeGreaterThan(1e8)
    expect(found.heap).toBeGreaterThan(1e8)
    expect(memoryLimits(1).total).toBeCloseTo(found.total * 2, -3)
  })
})
