import type { Design } from './harms.js'
import type { Axis, CellTable } from './tally.js'

const ROWS = 0
const CLUSTERS = 1
const T = 2
const M = 3
const TT = 4
const TM = 5
const MM = 6
const CELL = 7

/**
 * The sums that a ratio of weighted sums and its cluster-robust variance need, cell by cell in one pass: the rows of a
 * cluster come together, so a cell's open cluster is closed when the next one reaches it.
 */
export function designTable(
  { values, design }: { readonly values: Float64Array; readonly design: Design },
  a: Axis,
  b: Axis,
): CellTable {
  const cells = new OpenCells(a.size * b.size)
  for (let i = 0; i < values.length; i++) {
    const cell = (a.codes[i] ?? 0) * b.size + (b.codes[i] ?? 0)
    cells.enter(cell, design.clusters[i] ?? 0)
    cells.add(cell, design.weights[i] ?? 0, values[i] ?? 0)
  }
  return (cell) => {
    cells.close(cell)
    const [n = 0, clusters = 0, t = 0, m = 0, tt = 0, tm = 0, mm = 0] = cells.sumsOf(cell)
    return { n, worse: 0, better: 0, design: { clusters, t, m, tt, tm, mm } }
  }
}

class OpenCells {
  private readonly sums: Float64Array
  private readonly openT: Float64Array
  private readonly openM: Float64Array
  private readonly open: Int32Array

  constructor(cells: number) {
    this.sums = new Float64Array(cells * CELL)
    this.openT = new Float64Array(cells)
    this.openM = new Float64Array(cells)
    this.open = new Int32Array(cells).fill(-1)
  }

  enter(cell: number, cluster: number): void {
    if (this.open[cell] === cluster) return
    this.close(cell)
    this.open[cell] = cluster
    this.plus(cell, CLUSTERS, 1)
  }

  add(cell: number, weight: number, value: number): void {
    this.plus(cell, ROWS, 1)
    this.openT[cell] = (this.openT[cell] ?? 0) + weight * value
    this.openM[cell] = (this.openM[cell] ?? 0) + weight
  }

  close(cell: number): void {
    const t = this.openT[cell] ?? 0
    const m = this.openM[cell] ?? 0
    this.plus(cell, T, t)
    this.plus(cell, M, m)
    this.plus(cell, TT, t * t)
    this.plus(cell, TM, t * m)
    this.plus(cell, MM, m * m)
    this.openT[cell] = 0
    this.openM[cell] = 0
  }

  sumsOf(cell: number): Float64Array {
    return this.sums.subarray(cell * CELL, (cell + 1) * CELL)
  }

  private plus(cell: number, field: number, value: number): void {
    const at = cell * CELL + field
    this.sums[at] = (this.sums[at] ?? 0) + value
  }
}
