import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import {
  bytesOf,
  planMemory,
  refuseWindows,
} from '../../../../src/comparison/summaries/plan-memory.js'
import { useTemporaryFolder } from '../../temporary-folder.js'

const folder = useTemporaryFolder()

/** A text file of so many megabytes. */
function text(name: string, megabytes: number) {
  folder.write(name, `a,b\n${'1,2\n'.repeat(megabytes * 250_000)}`)
  return { root: folder.path, paths: [join(folder.path, name)], where: 'drift.current' }
}

const lake = fileURLToPath(new URL('../../../fixtures/tabular/', import.meta.url))
const parquet = { root: lake, paths: [join(lake, 'no-rows.parquet')], where: 'drift.reference' }

describe('the plan for memory', () => {
  it('reads text that fits as a table, and all of it when nothing is said', async () => {
    const samples = [text('a.csv', 1), text('b.csv', 2)]
    const plan = await planMemory({ samples, memory: bytesOf('1GB'), threads: 2 })
    expect(plan).toMatchObject({ readings: ['table', 'table'], threads: 2 })
    const free = await planMemory({ samples, memory: undefined, threads: 2 })
    expect(free.readings).toEqual(['table', 'table'])
  })

  it('summarises the larger sample where both do not fit, and both where neither does', async () => {
    const [small, large] = [text('small.csv', 1), text('large.csv', 30)]
    const ask = (samples: (typeof small)[]) =>
      planMemory({ samples, memory: bytesOf('190MB'), threads: 2 })
    expect((await ask([small, large])).readings).toEqual(['table', 'summaries'])
    expect((await ask([large, small])).readings).toEqual(['summaries', 'table'])
    expect((await ask([large, large])).readings).toEqual(['summaries', 'summaries'])
  })

  it('counts of text what is held of it, and its longest columns for each thread', async () => {
    // 30 MB of text, 7.5 million rows: 45 MB held, and 240 MB for a column that is sorted.
    const samples = [text('narrow.csv', 30)]
    const plan = (memory: string) => planMemory({ samples, memory: bytesOf(memory), threads: 2 })
    expect(await plan('400MB')).toMatchObject({ readings: ['summaries'] })
    expect(await plan('410MB')).toMatchObject({ readings: ['table'], threads: 1 })
    expect(await plan('760MB')).toMatchObject({ readings: ['table'], threads: 1 })
    expect(await plan('770MB')).toMatchObject({ readings: ['table'], threads: 2 })
  })

  it('leaves room for the threads themselves, and has fewer where there is none', async () => {
    const samples = [parquet]
    const plan = (memory: string) => planMemory({ samples, memory: bytesOf(memory), threads: 4 })
    expect((await plan('190MB')).threads).toBe(1)
    expect((await plan('245MB')).threads).toBe(2)
    const most = await plan('400MB')
    expect(most).toMatchObject({ readings: ['columns'], threads: 4 })
    expect(most.summaryMemory).toBeLessThanOrEqual(400e6 - 120e6 - 4 * 60e6)
  })

  it('refuses a memory in which nothing fits', async () => {
    const asked = planMemory({ samples: [parquet], memory: bytesOf('100MB'), threads: 2 })
    await expect(asked).rejects.toThrow('MW-DRIFT-901')
  })

  it('says of windows of what is summarised that there are none', () => {
    expect(() => refuseWindows('drift.current')).toThrow('MW-DRIFT-902: drift.current')
  })

  it('reads sizes', () => {
    expect([bytesOf('512MB'), bytesOf('1.5GB')]).toEqual([512e6, 1.5e9])
  })
})
