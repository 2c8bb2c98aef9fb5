export interface SymmetricEigen {
  /** Largest first. */
  readonly values: Float64Array
  /** Row k is the unit eigenvector of value k; its sign is such that its largest entry is positive. */
  readonly vectors: Float64Array
}

const { abs, hypot } = Math
const MOST_ROUNDS = 60

interface Tridiagonal {
  /** Row k becomes eigenvector k: transposed, so that rotations run along memory. */
  readonly basis: Float64Array
  readonly diagonal: Float64Array
  /** Entry i is beside diagonal entries i and i + 1. */
  readonly beside: Float64Array
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix, row after row, only its lower half read: Householder's reduction to a
 * tridiagonal matrix and implicit QL steps (Golub & Van Loan 2013, 8.3; Wilkinson & Reinsch 1971). Time grows with the cube of the
 * size. Entries that are not finite -> undefined.
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen | undefined {
  for (const value of matrix) if (!Number.isFinite(value)) return undefined
  const form = tridiagonalise(matrix, size)
  if (!diagonalise(form)) return undefined
  return sortedByValue(form, size)
}

/** A full copy of the lower half. */
function mirrored(matrix: Float64Array, size: number): Float64Array {
  const full = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = matrix[i * size + j] ?? 0
      full[i * size + j] = value
      full[j * size + i] = value
    }
  }
  return full
}

/** Reflects column after column onto the first place below the diagonal, and collects the reflections. */
function tridiagonalise(matrix: Float64Array, size: number): Tridiagonal {
  const work = mirrored(matrix, size)
  const basis = new Float64Array(size * size)
  for (let i = 0; i < size; i++) basis[i * size + i] = 1
  const beside = new Float64Array(size)
  for (let k = 0; k < size - 2; k++) {
    const mirror = reflector(work, size, k)
    if (mirror === undefined) continue
    reflectBothSides(work, mirror, { size, from: k + 1 })
    reflectRows(basis, mirror, { size, from: k + 1 })
  }
  const diagonal = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    diagonal[i] = work[i * size + i] ?? 0
    if (i + 1 < size) beside[i] = work[(i + 1) * size + i] ?? 0
  }
  return { basis, diagonal, beside }
}

/** The unit vector whose reflection clears column k below its first place under the diagonal; undefined where it is clear. */
function reflector(work: Float64Array, size: number, k: number): Float64Array | undefined {
  const length = size - k - 1
  const vector = new Float64Array(length)
  let scale = 0
  for (let i = 0; i < length; i++) scale = Math.max(scale, abs(work[(k + 1 + i) * size + k] ?? 0))
  if (scale === 0) return undefined
  let squares = 0
  for (let i = 0; i < length; i++) {
    const value = (work[(k + 1 + i) * size + k] ?? 0) / scale
    vector[i] = value
    squares += value * value
  }
  const first = vector[0] ?? 0
  const rest = squares - first * first
  if (!(rest > 0)) return undefined
  const root = Math.sqrt(squares)
  const head = first + (first < 0 ? -root : root)
  vector[0] = head
  const norm = Math.sqrt(rest + head * head)
  for (let i = 0; i < length; i++) vector[i] = (vector[i] ?? 0) / norm
  return vector
}

interface Block {
  readonly size: number
  /** The reflection leaves what is before alone. */
  readonly from: number
}

/** work <- H work H with H = I - 2 v v', for symmetric work: a symmetric update of rank two. */
function reflectBothSides(work: Float64Array, v: Float64Array, { size, from }: Block): void {
  const product = timesVector(work, v, { size, from })
  let middle = 0
  for (let j = 0; j < v.length; j++) middle += (v[j] ?? 0) * (product[from + j] ?? 0)
  const across = v.map((entry, j) => (product[from + j] ?? 0) - middle * entry)
  for (let i = from - 1; i < size; i++) {
    const own = i < from ? 0 : (v[i - from] ?? 0)
    const half = (product[i] ?? 0) - middle * own
    const row = i * size + from
    for (let j = 0; j < v.length; j++) {
      const change = own * (across[j] ?? 0) + half * (v[j] ?? 0)
      work[row + j] = (work[row + j] ?? 0) - 2 * change
    }
  }
  for (let j = from; j < size; j++) {
    work[j * size + from - 1] = work[(from - 1) * size + j] ?? 0
  }
}

function timesVector(work: Float64Array, v: Float64Array, { size, from }: Block): Float64Array {
  const product = new Float64Array(size)
  for (let i = from - 1; i < size; i++) {
    let sum = 0
    const row = i * size + from
    for (let j = 0; j < v.length; j++) sum += (work[row + j] ?? 0) * (v[j] ?? 0)
    product[i] = sum
  }
  return product
}

/** basis <- H basis: the rows stay the transposed basis. */
function reflectRows(basis: Float64Array, v: Float64Array, { size, from }: Block): void {
  const sums = new Float64Array(size)
  for (let i = 0; i < v.length; i++) {
    const row = (from + i) * size
    for (let j = 0; j < size; j++) sums[j] = (sums[j] ?? 0) + (v[i] ?? 0) * (basis[row + j] ?? 0)
  }
  for (let i = 0; i < v.length; i++) {
    const row = (from + i) * size
    const factor = 2 * (v[i] ?? 0)
    for (let j = 0; j < size; j++) basis[row + j] = (basis[row + j] ?? 0) - factor * (sums[j] ?? 0)
  }
}

/** QL steps until nothing is beside the diagonal; false where that does not come about. */
function diagonalise(form: Tridiagonal): boolean {
  const size = form.diagonal.length
  let largest = 0
  for (let i = 0; i < size; i++) {
    largest = Math.max(largest, abs(form.diagonal[i] ?? 0) + abs(form.beside[i] ?? 0))
  }
  // Against the whole matrix: among eigenvalues of 0, everything is large beside its neighbours.
  const rounding = Number.EPSILON * largest
  for (let low = 0; low < size; low++) {
    for (let round = 0; ; round++) {
      const high = blockEnd(form.beside, low, rounding)
      if (high === low) break
      if (round === MOST_ROUNDS) return false
      stepQl(form, low, high)
    }
  }
  return true
}

/** Where the block that begins at `low` ends: beside it is nothing but rounding. */
function blockEnd(beside: Float64Array, low: number, rounding: number): number {
  let end = low
  while (end < beside.length - 1 && abs(beside[end] ?? 0) > rounding) end++
  return end
}

/** One implicit QL step with Wilkinson's shift on the block from `low` to `high`. */
function stepQl({ basis, diagonal, beside }: Tridiagonal, low: number, high: number): void {
  const size = diagonal.length
  const first = diagonal[low] ?? 0
  const next = beside[low] ?? 0
  const tilt = ((diagonal[low + 1] ?? 0) - first) / (2 * next)
  const root = hypot(tilt, 1)
  let g = (diagonal[high] ?? 0) - first + next / (tilt + (tilt < 0 ? -root : root))
  let sine = 1
  let cosine = 1
  let shift = 0
  for (let i = high - 1; i >= low; i--) {
    const f = sine * (beside[i] ?? 0)
    const b = cosine * (beside[i] ?? 0)
    const r = hypot(f, g)
    beside[i + 1] = r
    if (r === 0) {
      diagonal[i + 1] = (diagonal[i + 1] ?? 0) - shift
      beside[high] = 0
      return
    }
    sine = f / r
    cosine = g / r
    const d = (diagonal[i + 1] ?? 0) - shift
    const t = ((diagonal[i] ?? 0) - d) * sine + 2 * cosine * b
    shift = sine * t
    diagonal[i + 1] = d + shift
    g = cosine * t - b
    rotate(basis, i * size, { size, sine, cosine })
  }
  diagonal[low] = (diagonal[low] ?? 0) - shift
  beside[low] = g
  beside[high] = 0
}

/** Turns the row at `start` and the one after it. */
function rotate(
  basis: Float64Array,
  start: number,
  { size, sine, cosine }: { readonly size: number; readonly sine: number; readonly cosine: number },
): void {
  for (let k = start; k < start + size; k++) {
    const one = basis[k] ?? 0
    const other = basis[k + size] ?? 0
    basis[k + size] = sine * one + cosine * other
    basis[k] = cosine * one - sine * other
  }
}

function sortedByValue({ basis, diagonal }: Tridiagonal, size: number): SymmetricEigen {
  const order = Array.from(diagonal, (_, i) => i)
  order.sort((a, b) => (diagonal[b] ?? 0) - (diagonal[a] ?? 0) || a - b)
  const vectors = new Float64Array(size * size)
  order.forEach((from, to) => {
    const vector = basis.subarray(from * size, (from + 1) * size)
    let largest = 0
    for (const entry of vector) if (abs(entry) > abs(largest)) largest = entry
    vectors.set(largest < 0 ? vector.map((entry) => -entry) : vector, to * size)
  })
  return { values: Float64Array.from(order, (i) => diagonal[i] ?? 0), vectors }
}
