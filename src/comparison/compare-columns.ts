import { type ColumnComparison, compareColumn } from '../domain/drift/decide.js'
import { partOfText } from '../domain/drift/readable-numbers.js'
import { type ColumnSample, sampleOf } from '../domain/drift/samples.js'
import type { SortOptions } from '../domain/stats/sort.js'
import type { Column } from '../domain/table/column.js'
import { takeCells } from '../tabular/data-set/take-rows.js'
import {
  groupBySeason,
  groupByWindow,
  type RowGroups,
  seasonGroup,
} from '../tabular/data-set/windows.js'
import type { ComparisonRequest } from './request.js'
import type { Room } from './room.js'
import { openSource, type Source } from './source.js'

interface Work {
  readonly room: Room
  readonly signal?: AbortSignal | undefined
}

/** Compares columns one at a time, so that memory holds one of each sample. */
export interface ColumnComparer {
  /** The column's comparisons, one a window; one where there are no windows. The room is free again afterwards. */
  readonly compare: (name: string, work: Work) => Promise<readonly ColumnComparison[]>
}

export function createComparer(request: ComparisonRequest): ColumnComparer {
  const reference = referenceReader(request)
  const current = currentReader(request)
  return {
    compare: async (name, work) => {
      try {
        const before = await reference(name, work)
        const now = await current(name, work)
        return now.map((sample, index) => {
          const usual = before(index)
          if (usual === undefined) throw new TypeError('a compared column is one of the reference')
          return compareColumn(request.policy, usual, sample)
        })
      } finally {
        work.room.empty()
      }
    },
  }
}

function inRoom({ isFresh }: Source, room: Room): SortOptions {
  return { overwrite: isFresh, room: (length) => room.numbers(length) }
}

/** Cells that were taken out of a column are a copy of them. */
const OWN = { overwrite: true } as const

/** The reference's sample of a column for each window: the same for all, or that of the window's season. */
type ReferenceReader = (
  name: string,
  work: Work,
) => Promise<(window: number) => ColumnSample | undefined>

function referenceReader({ reference, windows, season }: ComparisonRequest): ReferenceReader {
  const source = openSource(reference)
  const groups = once(() => groupsOf(source, (times) => groupBySeason(times, season ?? 'hour')))
  return async (name, { signal, room }) => {
    const made = source.sample(name)
    if (made !== undefined) return () => made
    const column = await source.column(name, signal, room)
    if (column === undefined) return () => undefined
    if (season === undefined || windows === undefined) {
      const whole = sampleOf(column, inRoom(source, room))
      return () => whole
    }
    const rows = await groups()
    const bySeason = new Map<number, ColumnSample>()
    return (window) => {
      const at = seasonGroup(windows[window]?.start ?? 0, season)
      const found = bySeason.get(at) ?? partOf(column, rowsOf(rows, at))
      bySeason.set(at, found)
      return found
    }
  }
}

/** The current samples of a column, one a window. */
type CurrentReader = (name: string, work: Work) => Promise<readonly (ColumnSample | undefined)[]>

function currentReader({ current, windows }: ComparisonRequest): CurrentReader {
  const source = openSource(current)
  const groups = once(() => groupsOf(source, (times) => groupByWindow(times, windows ?? [])))
  return async (name, { signal, room }) => {
    const made = source.sample(name)
    if (made !== undefined) return [made]
    const column = await source.column(name, signal, room)
    if (windows === undefined) return [column && sampleOf(column, inRoom(source, room))]
    if (column === undefined) return windows.map(() => undefined)
    const rows = await groups()
    return windows.map((_, index) => partOf(column, rowsOf(rows, index)))
  }
}

function partOf(column: Column, rows: Uint32Array): ColumnSample {
  return partOfText(sampleOf(takeCells(column, rows), OWN), column)
}

async function groupsOf(
  source: Source,
  group: (times: Float64Array) => RowGroups,
): Promise<RowGroups> {
  return group(await source.times())
}

function rowsOf(
  { order, offsets }: Pick<RowGroups, 'order' | 'offsets'>,
  group: number,
): Uint32Array {
  return order.subarray(offsets[group] ?? 0, offsets[group + 1] ?? 0)
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => {
    result ??= work()
    return result
  }
}
