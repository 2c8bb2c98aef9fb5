import type { Column, Table } from '../domain/table/column.js'
import type { Season } from '../tabular/data-set/seasons.js'
import { takeCells } from '../tabular/data-set/take-rows.js'
import {
  groupBySeason,
  groupByWindow,
  seasonGroup,
  type TimeWindow,
} from '../tabular/data-set/windows.js'
import { openSource, type SourceFacts } from './source.js'

/** The rows of each window of a sample, in the windows' order. */
export async function rowsOfWindows(
  facts: SourceFacts,
  windows: readonly TimeWindow[],
  signal?: AbortSignal,
): Promise<readonly Uint32Array[]> {
  const { order, offsets } = groupByWindow(await openSource(facts).times(signal), windows)
  return windows.map((_, i) => order.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0))
}

/** The rows of a sample of the season that each window starts in. */
export async function rowsOfSeasons(
  facts: SourceFacts,
  { windows, season }: { readonly windows: readonly TimeWindow[]; readonly season: Season },
  signal?: AbortSignal,
): Promise<readonly Uint32Array[]> {
  const { order, offsets } = groupBySeason(await openSource(facts).times(signal), season)
  return windows.map(({ start }) => {
    const group = seasonGroup(start, season)
    return order.subarray(offsets[group] ?? 0, offsets[group + 1] ?? 0)
  })
}

/** The times of a sample. */
export interface TimesOfRows {
  /** In milliseconds; undefined where no row has a time, as `oldest` is. */
  readonly newest: number | undefined
  readonly oldest: number | undefined
  readonly rows: number
  /** How many rows have no time. */
  readonly untimed: number
}

export async function timesIn(facts: SourceFacts, signal?: AbortSignal): Promise<TimesOfRows> {
  let newest = Number.NEGATIVE_INFINITY
  let oldest = Number.POSITIVE_INFINITY
  let untimed = 0
  const times = await openSource(facts).times(signal)
  for (const time of times) {
    if (time > newest) newest = time
    if (time < oldest) oldest = time
    if (Number.isNaN(time)) untimed++
  }
  const known = (time: number) => (Number.isFinite(time) ? time : undefined)
  return { newest: known(newest), oldest: known(oldest), rows: times.length, untimed }
}

/** Some columns of a sample, of all rows that count or of those at the positions given. Columns that it lacks are left out. */
export async function readRows(
  facts: SourceFacts,
  names: readonly string[],
  { rows, signal }: { readonly rows?: Uint32Array | undefined; readonly signal?: AbortSignal },
): Promise<Table> {
  const source = openSource(facts)
  const columns: Column[] = []
  for (const name of names) {
    const column = await source.column(name, signal)
    if (column !== undefined) columns.push(rows === undefined ? column : takeCells(column, rows))
  }
  return { rows: rows?.length ?? rowsIn(facts), columns }
}

/** How many rows of a sample count. */
export function rowsIn(facts: SourceFacts): number {
  if (facts.kind === 'samples') return facts.samples[0]?.rows ?? 0
  const { files } = facts.facts
  return files.reduce((sum, { rows, selected }) => sum + (selected?.length ?? rows), 0)
}
