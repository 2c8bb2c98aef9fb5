import type { ColumnComparison } from '../domain/drift/decide.js'
import type { ComparisonRequest } from './request.js'
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
  const only = (source: ComparisonRequest['current'], column: string) => {
    if (source.kind === 'samples') {
      return { ...source, samples: source.samples.filter(({ name }) => name === column) }
    }
    const { table, facts } = source
    if (table === undefined) return source
    const wanted = [column, facts.options.time?.column]
    const columns = table.columns.filter(({ name }) => wanted.includes(name))
    return { ...source, table: { rows: table.rows, columns } }
  }
  return (column) => ({
    ...request,
    reference: only(request.reference, column),
    current: only(request.current, column),
  })
}
