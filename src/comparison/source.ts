import { expandSummary } from '../domain/drift/profile/expand.js'
import type { ColumnSummary } from '../domain/drift/profile/summary.js'
import type { ColumnSample } from '../domain/drift/samples.js'
import type { Column } from '../domain/table/column.js'
import { type OpenDataSet, reopenDataSet } from '../tabular/data-set/data-set.js'
import type { OpenedFacts } from '../tabular/data-set/data-set-options.js'
import { timesKnownOf } from '../tabular/data-set/times.js'
import { type PackedTable, unpackColumn } from '../tabular/packed/packed-table.js'
import type { Room } from './room.js'

/** One sample, as plain data that a thread can be given. */
export type SourceFacts =
  | {
      readonly kind: 'files'
      readonly facts: OpenedFacts
      /** Of files that can only be read as a whole: what was read, in memory that threads share. */
      readonly table: PackedTable | undefined
    }
  | SummarySource

/** Columns that were summarised before: of a profile, or of data that does not fit in memory. */
export interface SummarySource {
  readonly kind: 'samples'
  readonly samples: readonly ColumnSummary[]
}

/** One sample, to be read column by column. */
export interface Source {
  /** Whether a column is read each time it is asked for, so that who asked may overwrite it. */
  readonly isFresh: boolean
  /** The whole column, of rows that count, in the room where one is given; undefined where there is none of that name. */
  readonly column: (name: string, signal?: AbortSignal, room?: Room) => Promise<Column | undefined>
  readonly sample: (name: string) => ColumnSample | undefined
  /** The time of each row that counts; none without a time column. */
  readonly times: (signal?: AbortSignal) => Promise<Float64Array>
}

export function openSource(facts: SourceFacts): Source {
  if (facts.kind === 'samples') return ofSamples(facts.samples)
  const set = reopenDataSet(facts.facts)
  return facts.table === undefined ? ofColumns(set) : ofTable(facts.table, set.describe())
}

function ofSamples(samples: readonly ColumnSummary[]): Source {
  const byName = new Map(samples.map((sample) => [sample.name, sample]))
  return {
    isFresh: false,
    column: async () => undefined,
    sample: (name) => {
      const summary = byName.get(name)
      return summary && expandSummary(summary)
    },
    times: async () => new Float64Array(0),
  }
}

function ofColumns(set: OpenDataSet): Source {
  const known = new Set(set.columns.map(({ name }) => name))
  return {
    isFresh: true,
    column: async (name, signal) =>
      known.has(name) ? (await set.read([name], signal)).columns[0] : undefined,
    sample: () => undefined,
    times: async (signal) => (await set.times(signal)) ?? new Float64Array(0),
  }
}

function ofTable(table: PackedTable, { options }: OpenedFacts): Source {
  const byName = new Map(table.columns.map((column) => [column.name, column]))
  const unpacked = (name: string, room?: Room) => {
    const column = byName.get(name)
    return column && unpackColumn(column, room)
  }
  return {
    isFresh: true,
    column: async (name, _signal, room) => unpacked(name, room),
    sample: () => undefined,
    times: async () => {
      const column = unpacked(options.time?.column ?? '')
      return column === undefined ? new Float64Array(0) : timesKnownOf(column, options.where)
    },
  }
}
