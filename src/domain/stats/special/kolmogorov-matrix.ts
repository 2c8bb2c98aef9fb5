/** Powers of two by which intermediate results are scaled, so that n^n never overflows. */
const SCALE = 2 ** 128
const SCALE_BITS = 128

interface Scaled {
  values: Float64Array
  /** The true matrix is values * 2^bits. */
  bits: number
}

/**
 * P(D_n < x) exactly, by Durbin's matrix (Marsaglia, Tsang & Wang 2003, "Evaluating Kolmogorov's
 * distribution"). The work grows as (n x)^3 log n: meant for small n x.
 */
export function kolmogorovByMatrix(n: number, x: number): number {
  const distance = n * x
  const k = Math.ceil(distance)
  const size = 2 * k - 1
  const power = powerOf(durbinMatrix(k, k - distance), size, n)
  let probability = power.values[(k - 1) * size + k - 1] ?? 0
  let bits = power.bits
  for (let i = 1; i <= n; i++) {
    probability *= i / n
    if (probability < 1 / SCALE) {
      probability *= SCALE
      bits -= SCALE_BITS
    }
  }
  return Math.min(1, probability * 2 ** bits)
}

function durbinMatrix(k: number, h: number): Float64Array {
  const size = 2 * k - 1
  const inverseFactorials = new Float64Array(size + 1).fill(1)
  for (let i = 1; i <= size; i++) {
    inverseFactorials[i] = (inverseFactorials[i - 1] ?? 0) / i
  }
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 1; j < size && j <= i + 1; j++) {
      matrix[i * size + j] = inverseFactorials[i - j + 1] ?? 0
    }
  }
  for (let i = 0; i < size; i++) {
    const entry = (1 - h ** (i + 1)) * (inverseFactorials[i + 1] ?? 0)
    matrix[i * size] = entry
    matrix[(size - 1) * size + (size - 1 - i)] = entry
  }
  const corner = 1 - 2 * h ** size + Math.max(2 * h - 1, 0) ** size
  matrix[(size - 1) * size] = corner * (inverseFactorials[size] ?? 0)
  return matrix
}

function powerOf(base: Float64Array, size: number, exponent: number): Scaled {
  const centre = ((size - 1) / 2) * size + (size - 1) / 2
  const result: Scaled = { values: identity(size), bits: 0 }
  const square: Scaled = { values: base, bits: 0 }
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      result.values = multiply(result.values, square.values, size)
      result.bits += square.bits
      rescale(result, centre)
    }
    if (left === 1) break
    square.values = multiply(square.values, square.values, size)
    square.bits *= 2
    rescale(square, centre)
  }
  return result
}

function rescale(matrix: Scaled, centre: number): void {
  if (Math.abs(matrix.values[centre] ?? 0) <= SCALE) return
  for (let i = 0; i < matrix.values.length; i++) {
    matrix.values[i] = (matrix.values[i] ?? 0) / SCALE
  }
  matrix.bits += SCALE_BITS
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1
  return matrix
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    const target = product.subarray(i * size, (i + 1) * size)
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k] ?? 0
      if (factor !== 0) addScaled(target, b.subarray(k * size, (k + 1) * size), factor)
    }
  }
  return product
}

function addScaled(target: Float64Array, source: Float64Array, factor: number): void {
  for (let j = 0; j < target.length; j++) target[j] = (target[j] ?? 0) + factor * (source[j] ?? 0)
}
