import type { Column } from '../../domain/table/column.js'
import type { ColumnSchema } from '../table-format.js'
import type { FileFacts } from './data-set-options.js'

type Partitioned = Pick<FileFacts, 'partition'>

/** The columns that names of folders make: integers where all values of all files are, text otherwise. */
export function partitionColumns(files: readonly Partitioned[]): readonly ColumnSchema[] {
  const values = new Map<string, string[]>()
  for (const { partition } of files) {
    for (const [name, value] of partition) {
      const known = values.get(name) ?? []
      if (value !== undefined) known.push(value)
      values.set(name, known)
    }
  }
  return [...values].map(([name, known]) => ({
    name,
    type: known.length > 0 && known.every(isInteger) ? 'integer' : 'string',
    bytes: 0,
  }))
}

function isInteger(text: string): boolean {
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text))
}

/** Such a column of `rows` rows of one file; undefined where its folders do not name it. */
export function partitionColumn(
  file: Partitioned,
  schema: ColumnSchema,
  rows: number,
): Column | undefined {
  const { name } = schema
  const found = file.partition.find(([key]) => key === name)
  if (found === undefined) return undefined
  const value = found[1]
  const missing = value === undefined ? rows : 0
  if (schema.type === 'integer') {
    const values = new Float64Array(rows).fill(Number(value ?? Number.NaN))
    return { kind: 'numeric', name, type: 'integer', values, missing }
  }
  const codes = new Int32Array(rows).fill(value === undefined ? -1 : 0)
  const categories = value === undefined || rows === 0 ? [] : [value]
  return { kind: 'categorical', name, type: 'string', codes, categories, missing }
}
