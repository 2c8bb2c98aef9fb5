import type { ProbeSection } from '../../config/deploy/probe.js'
import type { Rows } from '../../domain/probe/tensor.js'

type RowAs = NonNullable<ProbeSection['row-as']>

/** Rows as JSON has them: lists of values, or objects by column. */
export function writtenRows({ columns, rows }: Rows, rowAs: RowAs): readonly unknown[] {
  if (rowAs === 'list') return rows
  return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])))
}

/** Whether a template takes all rows at once. */
export function takesAll(template: unknown): boolean {
  if (template === '{rows}') return true
  return typeof template === 'object' && template !== null && Object.values(template).some(takesAll)
}

/** What the texts `{rows}`, `{row}` and `{row.column}` of a template stand for. */
export function filled(template: unknown, rows: Rows, rowAs: RowAs): unknown {
  const written = writtenRows(rows, rowAs)
  const fill = (part: unknown): unknown => {
    if (typeof part === 'string') return placed(part)
    if (Array.isArray(part)) return part.map(fill)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, fill(value)]))
  }
  const placed = (text: string): unknown => {
    if (text === '{rows}') return written
    if (text === '{row}') return written[0]
    const column = /^\{row\.(.+)\}$/s.exec(text)?.[1]
    const place = column === undefined ? -1 : rows.columns.indexOf(column)
    return place === -1 ? text : (rows.rows[0]?.[place] ?? null)
  }
  return fill(template)
}
