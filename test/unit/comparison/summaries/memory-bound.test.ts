import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { build } from 'esbuild'
import { openFiles } from '../../../../src/comparison/open-files.js'
import { bytesOf, planMemory } from '../../../../src/comparison/summaries/plan-memory.js'
import { summarise } from '../../../../src/comparison/summaries/summarise.js'
import type { ReadingLimit } from '../../../../src/tabular/reading-limit.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'

const folder = useTemporaryFolder()
const root = fileURLToPath(new URL('../../../../', import.meta.url))
const lake = join(root, 'test/fixtures/tabular')

function sample(name: string, limit?: ReadingLimit) {
  return { root: folder.path, paths: [join(folder.path, name)], where: 'drift.current', limit }
}

/** 3 MB of rows that all are the same, in 3 kB. */
const ROWS = 1_500_000
const bomb = (name: string) => folder.write(name, gzipSync(`k\n${'1\n'.repeat(ROWS)}`))

const LIMIT: ReadingLimit = { held: 20e6, aRow: 32, column: 20e6 }

describe('what data may take of memory', () => {
  it('is not what the file says of itself: rows are counted while they are read, and no more are held', async () => {
    bomb('bomb.csv.gz')
    const free = await openFiles(sample('bomb.csv.gz'))
    expect(free.table?.rows).toBe(ROWS)
    const bound = await openFiles(sample('bomb.csv.gz', LIMIT))
    expect(bound.table).toBeUndefined()
    expect(bound.facts.options.hold).toBe(false)
    const [x] = await summarise(bound.facts, { columns: ['k'], memory: 20e6, seed: 1 })
    expect(x?.rows).toBe(ROWS)
  })

  it('counts distinct texts, which take many times their length', async () => {
    const texts = Array.from({ length: 80_000 }, (_, i) => `user ${i}\n`).join('')
    folder.write('ids.csv', `id\n${texts}`)
    const few = Array.from({ length: 80_000 }, (_, i) => `user ${i % 9}\n`).join('')
    folder.write('few.csv', `id\n${few}`)
    expect((await openFiles(sample('ids.csv', LIMIT))).table).toBeUndefined()
    expect((await openFiles(sample('few.csv', LIMIT))).table?.rows).toBe(80_000)
  })

  it('counts all files of a sample together', async () => {
    for (const name of ['a.csv', 'b.csv']) folder.write(name, `x\n${'1\n'.repeat(200_000)}`)
    const two = { ...sample('a.csv', LIMIT), paths: ['a.csv', 'b.csv'].map(inFolder) }
    expect((await openFiles(sample('a.csv', LIMIT))).table?.rows).toBe(200_000)
    expect((await openFiles(two)).table).toBeUndefined()
  })

  it('counts what JSON Lines unpack to', async () => {
    folder.write('bomb.jsonl.gz', gzipSync('{"k":1}\n'.repeat(1_000_000)))
    const bound = await openFiles(sample('bomb.jsonl.gz', LIMIT))
    expect([bound.table, bound.facts.files[0]?.rows]).toEqual([undefined, 1_000_000])
  }, 120_000)

  it('is no more where rows are chosen by a column that is held for it', async () => {
    bomb('bomb.csv.gz')
    const filters = [{ k: 1 }]
    const limit = { ...LIMIT, held: 5e6 }
    const error = await errorOf(() => openFiles({ ...sample('bomb.csv.gz', limit), filters }))
    expect(error.message).toMatch(/^MW-DATA-026: bomb\.csv\.gz: .* 5 MB .* after \d+ rows\. Allow/s)
  })

  it('is asked of a column of Parquet before it is read, by the sizes of its footer', async () => {
    const options = {
      root: lake,
      paths: [join(lake, 'zstd-plain.parquet')],
      where: 'drift.current',
    }
    const source = await openFiles({ ...options, limit: { ...LIMIT, column: 100 } })
    const [{ name = '' } = {}] = source.facts.columns
    const error = await errorOf(() =>
      summarise(source.facts, { columns: [name], memory: 1e6, seed: 1 }),
    )
    expect(error.message).toContain(
      `MW-DATA-027: zstd-plain.parquet: column ${JSON.stringify(name)}`,
    )
  })

  it('is planned by what a packed file says that it unpacks to', async () => {
    folder.write('r.csv.gz', gzipSync(`k\n${'1\n'.repeat(15e6)}`))
    const plan = (memory: string) =>
      planMemory({ samples: [sample('r.csv.gz')], memory: bytesOf(memory), threads: 1 })
    // 30 MB of text, and 600,000 lines as they usually are.
    expect((await plan('190MB')).readings).toEqual(['table'])
    expect((await plan('184MB')).readings).toEqual(['summaries'])
    const { limits } = await plan('190MB')
    expect(limits).toEqual([{ held: 70e6, aRow: 32, column: 70e6 }])
  })

  it('is what a process takes, about', async () => {
    bomb('bomb.csv.gz')
    const text = Array.from({ length: 1_200_000 }, (_, i) => `${i},${'x'.repeat(60)}${i}\n`).join(
      '',
    )
    folder.write('ids.csv.gz', gzipSync(`k,id\n${text}`))
    const peak = await peakOf(['bomb.csv.gz', 'ids.csv.gz'].map(inFolder))
    // 107 MB; where all is held, 345.
    expect(peak.rows).toEqual([ROWS, 1_200_000])
    expect(peak.megabytes).toBeLessThan(220)
  })
})

function inFolder(name: string): string {
  return join(folder.path, name)
}

/** What opening files takes of a process of its own at most. What the system counts begins with what this process has. */
async function peakOf(paths: readonly string[]) {
  const outfile = inFolder('open.mjs')
  const open = JSON.stringify(join(root, 'src/comparison/open-files.ts'))
  const contents = `import { openFiles } from ${open}
const limit = ${JSON.stringify(LIMIT)}
const rows = []
let peak = 0
const watch = setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss()) }, 2)
for (const path of ${JSON.stringify(paths)}) {
  const { facts, table } = await openFiles({ root: ${JSON.stringify(folder.path)}, paths: [path], where: 'x', limit })
  rows.push(table === undefined ? facts.files[0].rows : 'held')
}
clearInterval(watch)
console.log(JSON.stringify({ rows, megabytes: peak / 1e6 }))`
  const stdin = { contents, resolveDir: root, loader: 'ts' } as const
  await build({
    stdin,
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
  })
  const said = execFileSync(process.execPath, [outfile], { encoding: 'utf8', cwd: root })
  return JSON.parse(said) as { readonly rows: readonly unknown[]; readonly megabytes: number }
}
