import type { ColumnComparison } from '../domain/drift/decide.js'
import { columnsByName } from '../tabular/packed/packed-table.js'
import { type ComparisonRequest, isReadFromFiles } from './request.js'
import type { SourceFacts } from './source.js'
import type { Answer } from './threads/messages.js'
import type { Crew } from './threads/pool.js'

let contexts = 0

/**
 * Compares the columns of two samples: for each window, in order, the comparisons of all columns, in order. Where there
 * are no windows, all current data is one.
 */
export async function compareDataSets(
  crew: Crew,
  request: ComparisonRequest,
  columns: readonly string[],
): Promise<readonly (readonly ColumnComparison[])[]> {
  const context = ++contexts
  const table = sharedTables(request)
  const answers = await crew.run(
    columns.map((column) => ({ kind: 'compare', context, request: table(column), column })),
  )
  const byColumn = answers.map(comparisonsOf)
  const windows = request.windows?.length ?? 1
  return Array.from({ length: windows }, (_, window) =>
    byColumn.flatMap((comparisons) => comparisons[window] ?? []),
  )
}

function comparisonsOf(answer: Answer): readonly ColumnComparison[] {
  if ('kind' in answer) throw new TypeError('a comparison was asked for')
  return answer
}

/** A thread is given no more of a table than the column in question and the times. */
function sharedTables(request: ComparisonRequest): (column: string) => ComparisonRequest {
  // What is read from files is one request for all columns, which a thread is given once.
  if (isReadFromFiles(request)) return () => request
  const reference = partsOf(request.reference)
  const current = partsOf(request.current)
  return (column) => ({ ...request, reference: reference(column), current: current(column) })
}

/** A sample with nothing but a column of it, and the times. Columns are looked up: there may be many. */
function partsOf(source: SourceFacts): (column: string) => SourceFacts {
  if (source.kind === 'samples') {
    const byName = new Map(source.samples.map((sample) => [sample.name, sample]))
    return (column) => ({ ...source, samples: [byName.get(column) ?? []].flat() })
  }
  const { table, facts } = source
  const schemas = new Map(facts.columns.map((schema) => [schema.name, schema]))
  const time = facts.options.time?.column
  return (column) => {
    const names = [...new Set(time === undefined ? [column] : [column, time])]
    const columns = names.flatMap((name) => schemas.get(name) ?? [])
    const only = { ...source, facts: { ...facts, columns } }
    if (table === undefined) return only
    const byName = columnsByName(table)
    const packed = names.flatMap((name) => byName.get(name) ?? [])
    return { ...only, table: { rows: table.rows, columns: packed } }
  }
}
