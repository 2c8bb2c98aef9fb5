import { join } from 'node:path'
import { describe, expect, it, jest } from '@jest/globals'
import { compareDataSets } from '../../../../src/comparison/compare-data-sets.js'
import { openFiles } from '../../../../src/comparison/open-files.js'
import type { Task } from '../../../../src/comparison/threads/messages.js'
import { columnsByName } from '../../../../src/tabular/packed/packed-table.js'
import { DEFAULT_DRIFT_POLICY } from '../../domain/drift/tables.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'

const folder = useTemporaryFolder()

function open(name: string, columns: number, more: object = {}) {
  const names = Array.from({ length: columns }, (_, i) => `c${i}`)
  folder.write(name, `${names.join(',')}\n${names.map((_, i) => i).join(',')}\n`)
  const paths = [join(folder.path, name)]
  return openFiles({ root: folder.path, paths, where: 'drift.current', ...more })
}

// A hundred thousand columns take their time on a busy machine.
jest.setTimeout(120_000)

describe('a table of many columns', () => {
  it('is read and handed out column by column, each found by its name', async () => {
    const side = await open('x.csv', 3000)
    expect(side.table?.columns.length).toBe(3000)
    if (side.table !== undefined) {
      expect(columnsByName(side.table)).toBe(columnsByName(side.table))
      expect(columnsByName(side.table).get('c7')?.name).toBe('c7')
    }
    const asked: Task[] = []
    const run = async (tasks: readonly Task[]) => {
      asked.push(...tasks)
      return tasks.map(() => [])
    }
    const policy = DEFAULT_DRIFT_POLICY
    const request = {
      policy,
      reference: side,
      current: side,
      windows: undefined,
      season: undefined,
    }
    await compareDataSets({ run, close: async () => undefined }, request, ['c1', 'absent'])
    // No task brings more than the column in question: neither cells nor what is known of the others.
    const brought = asked.map((task) => {
      const current = 'request' in task ? task.request?.current : undefined
      return (
        current?.kind === 'files' && [
          current.facts.columns.map(({ name }) => name),
          current.table?.columns.map(({ name }) => name),
        ]
      )
    })
    expect(brought).toEqual([
      [['c1'], ['c1']],
      [[], []],
    ])
  })

  it('is refused where it is no table to compare any more, before its rows are read', async () => {
    const error = await errorOf(() => open('wide.csv', 100_001))
    expect(error.message).toMatch(
      /^MW-DATA-029: wide\.csv: there are 100001 columns, and 100000 can be compared at most\. Write/,
    )
    const some = await open('some.csv', 100_001, { columns: ['c3'] })
    expect(some.table?.columns.map(({ name }) => name)).toEqual(['c3'])
  })
})
