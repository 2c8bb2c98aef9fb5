import type { Association } from './association.js'

interface Table {
  readonly rows: number
  readonly columns: number
  readonly cells: Float64Array
  readonly rowSums: Float64Array
  readonly columnSums: Float64Array
  readonly total: number
}

/**
 * Cramér's V of two columns of categories (-1 where missing), corrected for chance (Bergsma 2013, Journal of the Korean
 * Statistical Society 42:323-328). The variance of its square is the jackknife's: all rows of a cell leave the same. Fewer than two
 * categories of either -> undefined.
 */
export function cramerAssociation(
  one: { readonly codes: Int32Array; readonly count: number },
  other: { readonly codes: Int32Array; readonly count: number },
): Association | undefined {
  const table = tableOf(one, other)
  const whole = sumsOf(table)
  if (whole.usedRows < 2 || whole.usedColumns < 2 || whole.total < 4) return undefined
  const square = squaredV(whole)
  let sum = 0
  let squares = 0
  for (let r = 0; r < table.rows; r++) {
    for (let c = 0; c < table.columns; c++) {
      const count = table.cells[r * table.columns + c] ?? 0
      if (count === 0) continue
      const left = squaredV(without(table, whole, { r, c })) - square
      sum += count * left
      squares += count * left * left
    }
  }
  const n = table.total
  const variance = ((n - 1) / n) * Math.max(0, squares - (sum * sum) / n)
  return { value: Math.sqrt(Math.max(0, Math.min(1, square))), scaled: square, variance, rows: n }
}

function tableOf(
  one: { readonly codes: Int32Array; readonly count: number },
  other: { readonly codes: Int32Array; readonly count: number },
): Table {
  const cells = new Float64Array(one.count * other.count)
  const rowSums = new Float64Array(one.count)
  const columnSums = new Float64Array(other.count)
  let total = 0
  for (let i = 0; i < one.codes.length; i++) {
    const r = one.codes[i] ?? -1
    const c = other.codes[i] ?? -1
    if (r < 0 || c < 0) continue
    const at = r * other.count + c
    cells[at] = (cells[at] ?? 0) + 1
    rowSums[r] = (rowSums[r] ?? 0) + 1
    columnSums[c] = (columnSums[c] ?? 0) + 1
    total++
  }
  return { rows: one.count, columns: other.count, cells, rowSums, columnSums, total }
}

interface TableSums {
  readonly total: number
  /** The sum of squared cells over the product of their margins: chi-square is n times what it is above 1. */
  readonly squares: number
  readonly usedRows: number
  readonly usedColumns: number
}

function sumsOf({ cells, columns, rowSums, columnSums, total }: Table): TableSums {
  let squares = 0
  cells.forEach((count, at) => {
    if (count === 0) return
    const margins = (rowSums[Math.floor(at / columns)] ?? 0) * (columnSums[at % columns] ?? 0)
    squares += (count * count) / margins
  })
  return { total, squares, usedRows: positives(rowSums), usedColumns: positives(columnSums) }
}

function positives(sums: Float64Array): number {
  let count = 0
  for (const sum of sums) if (sum > 0) count++
  return count
}

function squaredV({ total, squares, usedRows, usedColumns }: TableSums): number {
  const phi = squares - 1 - ((usedRows - 1) * (usedColumns - 1)) / (total - 1)
  const rows = usedRows - (usedRows - 1) ** 2 / (total - 1)
  const columns = usedColumns - (usedColumns - 1) ** 2 / (total - 1)
  const most = Math.min(rows, columns) - 1
  return most > 0 ? phi / most : 0
}

/** The sums with one row of a cell left out: only the cell's own line and column change. */
function without(
  table: Table,
  whole: TableSums,
  { r, c }: { readonly r: number; readonly c: number },
): TableSums {
  const { cells, columns, rows, rowSums, columnSums } = table
  const rowSum = rowSums[r] ?? 0
  const columnSum = columnSums[c] ?? 0
  const own = cells[r * columns + c] ?? 0
  const line = { start: r * columns, step: 1, count: columns, skip: c, sums: columnSums }
  const column = { start: c, step: columns, count: rows, skip: r, sums: rowSums }
  const change = shrink(rowSum) * partsOf(cells, line) + shrink(columnSum) * partsOf(cells, column)
  const left = own > 1 ? (own - 1) ** 2 / ((rowSum - 1) * (columnSum - 1)) : 0
  return {
    total: whole.total - 1,
    squares: whole.squares + change + left - own ** 2 / (rowSum * columnSum),
    usedRows: rowSum === 1 ? whole.usedRows - 1 : whole.usedRows,
    usedColumns: columnSum === 1 ? whole.usedColumns - 1 : whole.usedColumns,
  }
}

/** How much one over a sum grows when the sum loses one; a sum of one has no other cell. */
function shrink(sum: number): number {
  return sum > 1 ? 1 / (sum - 1) - 1 / sum : 0
}

interface Line {
  readonly start: number
  readonly step: number
  readonly count: number
  /** The cell's own place, which is not counted. */
  readonly skip: number
  /** The margins across. */
  readonly sums: Float64Array
}

function partsOf(cells: Float64Array, { start, step, count, skip, sums }: Line): number {
  let parts = 0
  for (let k = 0, at = start; k < count; k++, at += step) {
    const cell = cells[at] ?? 0
    if (cell > 0 && k !== skip) parts += (cell * cell) / (sums[k] ?? 1)
  }
  return parts
}
