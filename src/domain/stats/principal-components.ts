import type { DenseDesign } from './design.js'
import { symmetricEigen } from './symmetric-eigen.js'

/** What a sample's columns have in common. */
export interface PrincipalComponents {
  readonly columns: number
  readonly means: Float64Array
  /** Standard deviations; 1 where a column is constant. */
  readonly scales: Float64Array
  /** Component after component, unit vectors, the one that explains most first. */
  readonly components: Float64Array
  /** How many are kept. */
  readonly kept: number
  /** The share of the standardised columns' variance that they explain. */
  readonly explained: number
}

/**
 * The fewest principal components of the standardised columns that explain at least that share of their variance, never all of
 * them. Fewer than two rows, or columns that vary -> undefined.
 */
export function principalComponents(
  design: DenseDesign,
  share: number,
): PrincipalComponents | undefined {
  const { columns } = design
  const scaling = scalingOf(design)
  if (design.rows < 2 || scaling.varying < 2) return undefined
  const eigen = symmetricEigen(correlations(design, scaling), columns)
  if (eigen === undefined) return undefined
  let sum = 0
  let kept = 0
  while (kept < scaling.varying - 1 && sum < share * scaling.varying - 1e-9) {
    sum += eigen.values[kept] ?? 0
    kept++
  }
  const components = eigen.vectors.slice(0, kept * columns)
  return { columns, ...scaling, components, kept, explained: sum / scaling.varying }
}

interface Scaling {
  readonly means: Float64Array
  readonly scales: Float64Array
  /** How many columns are not constant. */
  readonly varying: number
}

function scalingOf(design: DenseDesign): Scaling {
  const means = columnMeans(design, (value) => value)
  const variances = columnMeans(design, (value, j) => (value - (means[j] ?? 0)) ** 2)
  const scales = variances.map((variance, j) =>
    variance <= 1e-24 * (1 + (means[j] ?? 0) ** 2) ? 0 : Math.sqrt(variance),
  )
  const varying = scales.reduce((count, scale) => count + (scale > 0 ? 1 : 0), 0)
  return { means, scales: scales.map((scale) => scale || 1), varying }
}

function columnMeans(
  { rows, columns, values }: DenseDesign,
  of: (value: number, column: number) => number,
): Float64Array {
  const means = new Float64Array(columns)
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, k++) means[j] = (means[j] ?? 0) + of(values[k] ?? 0, j) / rows
  }
  return means
}

/** Lower half only; constant columns have 0 everywhere. */
function correlations(
  { rows, columns, values }: DenseDesign,
  { means, scales }: Scaling,
): Float64Array {
  const sums = new Float64Array(columns * columns)
  const row = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      row[j] = ((values[i * columns + j] ?? 0) - (means[j] ?? 0)) / (scales[j] ?? 1)
    }
    addOuter(sums, row)
  }
  return sums.map((sum) => sum / rows)
}

function addOuter(sums: Float64Array, row: Float64Array): void {
  const columns = row.length
  for (let j = 0; j < columns; j++) {
    const value = row[j] ?? 0
    if (value === 0) continue
    const start = j * columns
    for (let k = 0; k <= j; k++) sums[start + k] = (sums[start + k] ?? 0) + value * (row[k] ?? 0)
  }
}

export interface Reconstruction {
  /** For each row the distance between its standardised values and what the components keep of them. */
  readonly errors: Float64Array
  /** For each column the mean of the squared distances along it. */
  readonly byColumn: Float64Array
}

/** What the components lose of rows. */
export function reconstruct(
  { columns, means, scales, components, kept }: PrincipalComponents,
  { rows, values }: DenseDesign,
): Reconstruction {
  const errors = new Float64Array(rows)
  const byColumn = new Float64Array(columns)
  const rest = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      rest[j] = ((values[i * columns + j] ?? 0) - (means[j] ?? 0)) / (scales[j] ?? 1)
    }
    for (let c = 0; c < kept; c++) removeComponent(rest, components, c * columns)
    let squares = 0
    for (let j = 0; j < columns; j++) {
      const square = (rest[j] ?? 0) ** 2
      byColumn[j] = (byColumn[j] ?? 0) + square / rows
      squares += square
    }
    errors[i] = Math.sqrt(squares)
  }
  return { errors, byColumn }
}

/** Components are at right angles, so that they can be taken away one after the other. */
function removeComponent(rest: Float64Array, components: Float64Array, start: number): void {
  let along = 0
  for (let j = 0; j < rest.length; j++) along += (rest[j] ?? 0) * (components[start + j] ?? 0)
  for (let j = 0; j < rest.length; j++) {
    rest[j] = (rest[j] ?? 0) - along * (components[start + j] ?? 0)
  }
}
