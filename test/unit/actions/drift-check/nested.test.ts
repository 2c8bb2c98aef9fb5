import { describe, expect, it } from '@jest/globals'
import { useTemporaryFolder } from '../../temporary-folder.js'
import { copyTable } from './arrange.js'
import { checkDrift, spread } from './drift-context.js'

const folder = useTemporaryFolder()
const ROWS = 2000

const lines = (row: (i: number) => object) =>
  Array.from({ length: ROWS }, (_, i) => `${JSON.stringify(row(i))}\n`).join('')
const check = async (reference: (i: number) => object, current: (i: number) => object) => {
  folder.write('a.jsonl', lines(reference))
  folder.write('b.jsonl', lines(current))
  const config = '{reference: a.jsonl, current: b.jsonl}'
  return (await checkDrift({ folder: folder.path, config })).predicate
}
const flat = (i: number) => ({ x: spread(i), y: spread(i + 3) })

describe('nested values in JSON Lines', () => {
  it('in one row of a column of numbers are said, and the column is compared', async () => {
    const dirty = (i: number) => (i === 200 ? { ...flat(i), x: { k: 1 } } : flat(i))
    for (const [before, now] of [
      [dirty, flat],
      [flat, dirty],
      [dirty, dirty],
    ] as const) {
      const { decision, columns, findings } = await check(before, now)
      expect(columns).toMatchObject([
        { name: 'x', kind: 'numeric', status: 'stable' },
        { name: 'y', status: 'stable' },
      ])
      expect(findings).toMatchObject([{ kind: 'unusable', column: 'x' }])
      expect(decision).toBe('pass')
    }
  })

  it('throughout a column of both samples leave it out, by name and with the row', async () => {
    const nested = (i: number) => ({ ...flat(i), tags: i < 4 ? null : [i] })
    const { decision, findings } = await check(nested, nested)
    expect(findings).toEqual([
      {
        kind: 'not-compared',
        column: 'tags',
        detail:
          'nested in the reference: lists or objects in a.jsonl, the first in row 5; only flat columns are compared',
      },
    ])
    expect(decision).toBe('pass')
  })

  it('throughout a column of the current data alone are another type, not an absent column', async () => {
    const { decision, columns, findings } = await check(flat, (i) => ({ ...flat(i), x: [i] }))
    expect(columns[0]).toMatchObject({
      name: 'x',
      status: 'drifted',
      reason: 'is nested in the current data: lists or objects in b.jsonl, the first in row 1',
    })
    expect(findings).toMatchObject([{ kind: 'type-changed', column: 'x' }])
    expect(decision).toBe('fail')
  })

  it('throughout a column of the reference alone are said, and do not make it a new column', async () => {
    const { findings } = await check((i) => ({ ...flat(i), x: { i } }), flat)
    expect(findings.map(({ kind, column }) => [kind, column])).toEqual([['not-compared', 'x']])
  })

  it('in a new column are said, too', async () => {
    const { findings } = await check(flat, (i) => ({ ...flat(i), z: { i } }))
    expect(findings).toMatchObject([{ kind: 'not-compared', column: 'z' }])
    expect(findings[0]?.detail).toContain('nested in the current data')
  })
})

describe('nested columns of Parquet', () => {
  it('are named', async () => {
    copyTable(folder.path, 'nested.parquet', 'a.parquet')
    copyTable(folder.path, 'nested.parquet', 'b.parquet')
    const config = '{reference: a.parquet, current: b.parquet}'
    const { predicate } = await checkDrift({ folder: folder.path, config })
    const nested = predicate.findings.filter(({ kind }) => kind === 'not-compared')
    expect(nested.length).toBeGreaterThan(0)
    for (const { detail } of nested) expect(detail).toContain('in a.parquet')
    expect(nested.map(({ column }) => column)).not.toContain('id')
  })
})
