import type { Label } from '../../domain/rollout/quality.js'
import { type Column, cellText, findColumn, type Table } from '../../domain/table/column.js'
import { UserError } from '../../errors.js'

export interface LabelColumns {
  readonly id: string
  readonly label: string
  readonly groups: readonly string[]
}

/**
 * Labels by request id, with the slices (`column=value`) of each. Rows without an id or a label are left out; of
 * several rows with one id the first counts. `where` is the file, for messages.
 */
export function labelsOf(table: Table, columns: LabelColumns, where: string): Map<string, Label> {
  const find = (name: string) => findColumn(table, name) ?? missing(table, name, where)
  const id = find(columns.id)
  const label = find(columns.label)
  const groups = columns.groups.map(find)
  const labels = new Map<string, Label>()
  for (let row = 0; row < table.rows; row++) {
    const key = cellText(id, row)
    const truth = cellText(label, row)
    if (key === undefined || truth === undefined || labels.has(key)) continue
    labels.set(key, { label: truth, slices: slicesOf(groups, row) })
  }
  return labels
}

/** The slices with at least `least` labels, in order of their names. */
export function slicesWith(labels: ReadonlyMap<string, Label>, least: number): string[] {
  const sizes = new Map<string, number>()
  for (const { slices } of labels.values()) {
    for (const slice of slices) sizes.set(slice, (sizes.get(slice) ?? 0) + 1)
  }
  return [...sizes].flatMap(([slice, size]) => (size >= least ? [slice] : [])).sort()
}

function slicesOf(groups: readonly Column[], row: number): string[] {
  return groups.flatMap((group) => {
    const value = cellText(group, row)
    return value === undefined ? [] : [`${group.name}=${value}`]
  })
}

function missing(table: Table, name: string, where: string): never {
  const found = table.columns.map((column) => column.name).join(', ')
  throw new UserError({
    code: 'MW-DEPLOY-020',
    where,
    what: `column "${name}" not found. Found: ${found}.`,
    fix: 'Name the columns of the labels with id, label and groups of the quality metric.',
  })
}
