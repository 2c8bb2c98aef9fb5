import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { openFiles } from '../../../../src/comparison/open-files.js'
import { openSource } from '../../../../src/comparison/source.js'
import { type SummariseOptions, summarise } from '../../../../src/comparison/summaries/summarise.js'
import { expandSummary } from '../../../../src/domain/drift/profile/expand.js'
import { sampleOf } from '../../../../src/domain/drift/samples.js'
import { UserError } from '../../../../src/errors.js'
import type { DataSetOptions } from '../../../../src/tabular/data-set/data-set-options.js'
import { openDataSet } from '../../../../src/tabular/data-set/open-data-set.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'

const folder = useTemporaryFolder()

/** More than a reading takes at once: two batches and a bit. */
const ROWS = 70_000

function optionsFor(names: readonly string[], more: Partial<DataSetOptions> = {}): DataSetOptions {
  const paths = names.map((name) => join(folder.path, name))
  return { root: folder.path, paths, where: 'drift.current', hold: false, ...more }
}

async function both(options: DataSetOptions, more: Partial<SummariseOptions> = {}) {
  const { facts } = await openFiles(options)
  const columns = facts.columns.map(({ name }) => name)
  const made = await summarise(facts, { columns, memory: 1e9, seed: 1, ...more })
  const held = openSource(await openFiles({ ...options, hold: true }))
  const exact = await Promise.all(columns.map((name) => held.column(name)))
  return {
    summaries: made,
    samples: made.map((summary) => expandSummary(summary)),
    exact: exact.flatMap((column) => (column === undefined ? [] : sampleOf(column))),
  }
}

/** Without what only summaries say, and in an order that does not depend on batches. */
function alike(sample: ReturnType<typeof sampleOf>) {
  if (sample.kind === 'categorical') {
    const { name, type, rows, missing, categories, counts } = sample
    return { name, type, rows, missing, counts: categories.map((one, i) => [one, counts[i]]) }
  }
  const { name, type, rows, missing, infinities, sorted } = sample
  return { name, type, rows, missing, infinities, sorted }
}

const lines = (of: (i: number) => string, count = ROWS) => {
  let text = ''
  for (let i = 0; i < count; i++) text += `${of(i)}\n`
  return text
}

describe('a file of text that is summarised', () => {
  it('gives what the whole file gives, of every type, where a line is cut by the end of a batch', async () => {
    const cell = (i: number) => (i % 7 === 0 ? '' : `"text, ""${i % 50}"" é"`)
    const rows = lines(
      (i) =>
        `${i % 1000},${(i % 400) / 4},${i % 3 === 0},${i % 11 === 0 ? '' : `2024-01-${10 + (i % 20)}`},${cell(i)},`,
    )
    folder.write('a.csv', `whole,part,flag,day,word,nothing\n${rows}`)
    const { samples, exact } = await both(optionsFor(['a.csv']))
    expect(samples.map(alike)).toEqual(exact.map(alike))
    expect(samples.map(({ type }) => type)).toEqual([
      ...['integer', 'number', 'boolean', 'timestamp', 'string', 'number'],
    ])
  })

  it('reads a column as text from the start where a text comes after 70,000 numbers', async () => {
    folder.write(
      'a.csv',
      `late,other\n${lines((i) => `${i === ROWS - 1 ? 'x' : `${i % 9}.50`},${i % 5}`)}`,
    )
    const { samples, exact } = await both(optionsFor(['a.csv']))
    expect(samples.map(alike)).toEqual(exact.map(alike))
    expect(samples[0]).toMatchObject({ kind: 'categorical', type: 'string' })
    const [late] = samples
    expect(late?.kind === 'categorical' && late.categories).toContain('8.50')
  })

  it('makes numbers of whole numbers before decimals, and of cells before the first value missing ones', async () => {
    const rows = lines((i) => `${i < 60_000 ? '1' : '1.5'},${i < 60_000 ? '' : 'word'}`)
    folder.write('a.csv', `number,late\n${rows}`)
    const { samples, exact } = await both(optionsFor(['a.csv']))
    expect(samples.map(alike)).toEqual(exact.map(alike))
    expect(samples.map(({ type }) => type)).toEqual(['number', 'string'])
  })

  it('reads JSON Lines alike: absent keys are missing, and mixed values are text', async () => {
    const rows = lines((i) =>
      JSON.stringify({
        id: i % 500,
        ...(i % 4 === 0 ? { some: i % 3 } : {}),
        mixed: i < 50_000 ? i % 6 : `t${i % 2}`,
        ...(i > 60_000 ? { new: true } : {}),
      }),
    )
    folder.write('a.jsonl', rows)
    const { samples, exact } = await both(
      optionsFor(['a.jsonl'], { columns: ['id', 'some', 'mixed', 'new'] }),
    )
    expect(samples.map(alike)).toEqual(exact.map(alike))
  })

  it('counts only the rows that are selected, over several files', async () => {
    const rows = (add: number) => lines((i) => `${i + add},${'ab'[i % 2]}`, 40_000)
    folder.write('a.csv', `n,c\n${rows(0)}`)
    folder.write('b.csv', `n,c\n${rows(100_000)}`)
    const options = optionsFor(['a.csv', 'b.csv'], { filters: [{ n: { min: 35_000 } }] })
    const { samples, exact } = await both(options)
    expect(samples.map(alike)).toEqual(exact.map(alike))
    expect(samples[0]?.rows).toBe(45_000)
    const drawn = await both({ ...options, sample: { rows: 5_000, seed: 3 } })
    expect(drawn.samples.map(alike)).toEqual(drawn.exact.map(alike))
    expect(drawn.samples[0]?.rows).toBe(5_000)
  })

  it('states the error where values do not fit, and draws rows of texts that do not', async () => {
    folder.write('a.csv', `x,id\n${lines((i) => `${(i * 7919) % 69_991}.5,k${i}`)}`)
    const { summaries, samples } = await both(optionsFor(['a.csv']), { memory: 2e6 })
    const [x, id] = summaries
    expect(x?.kind === 'numeric' && x.rankError).toBeGreaterThan(0)
    expect(x?.kind === 'numeric' && x.rankError).toBeLessThan(2e-3)
    expect(id).toMatchObject({ kind: 'categorical', isSample: true, rows: ROWS })
    expect(samples[0]?.kind === 'numeric' && samples[0].sorted.length).toBe(ROWS)
  })

  it('says the line of a damaged row, and of a file that changes that it did', async () => {
    folder.write('a.csv', `a,b\n${lines((i) => (i === 50_000 ? '1' : '1,2'))}`)
    const error = await errorOf(() => both(optionsFor(['a.csv'])))
    expect(error.message).toMatch(/a\.csv:50002/)
    const path = folder.write('b.csv', `a,b\n${lines(() => '1,2')}`)
    const { facts } = await openFiles(optionsFor(['b.csv']))
    writeFileSync(path, 'a,b\n1,2\n')
    const changed = summarise(facts, { columns: ['a'], memory: 1e9, seed: 1 })
    await expect(changed).rejects.toThrow(UserError)
    await expect(changed).rejects.toThrow('MW-DATA-302')
  })

  it('is the same from the same seed', async () => {
    folder.write('a.csv', `x\n${lines((i) => `${(i * 7919) % 69_991}.5`)}`)
    const again = async () => (await both(optionsFor(['a.csv']), { memory: 2e6 })).summaries
    expect(await again()).toEqual(await again())
  })
})

describe('text in batches', () => {
  it('holds a bounded number of rows at a time', async () => {
    folder.write('a.csv', `x,y\n${lines((i) => `${i},${'y'.repeat(40)}`, 200_000)}`)
    const set = await openDataSet(optionsFor(['a.csv']))
    const rows: number[] = []
    for await (const table of set.batches(['x'])) rows.push(table.rows)
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(200_000)
    expect(rows.length).toBeGreaterThan(2)
    expect(Math.max(...rows)).toBeLessThan(60_000)
  })
})
