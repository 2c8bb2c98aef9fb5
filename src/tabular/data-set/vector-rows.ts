import { UserError } from '../../errors.js'

/** Vectors of numbers, one a row. */
export interface Vectors {
  readonly rows: number
  /** Numbers in each; 0 where no row has a vector. */
  readonly dimension: number
  /** Row by row; all NaN where a vector or one of its numbers is missing. */
  readonly values: Float64Array
  /** Rows without a whole vector. */
  readonly missing: number
}

export interface VectorPlace {
  readonly file: string
  /** Counted from 1. */
  readonly row: number
}

/** Collects the vectors of a column in the order of rows. */
export class VectorRows {
  readonly #column: string
  readonly #rows: number
  #dimension = 0
  #values = new Float64Array(0)
  #row = 0
  #missing = 0

  constructor(column: string, rows: number) {
    this.#column = column
    this.#rows = rows
  }

  /** The next row; undefined where it has no vector. Throws MW-DATA-306 where it is of another length than those before. */
  put(vector: Float64Array | undefined, place: VectorPlace): void {
    const row = this.#row++
    if (vector !== undefined) this.#checkLength(vector.length, place)
    if (vector === undefined || hasNaN(vector)) {
      this.#missing++
      return
    }
    this.#values.set(vector, row * this.#dimension)
  }

  finish(): Vectors {
    const dimension = this.#dimension
    return { rows: this.#rows, dimension, values: this.#values, missing: this.#missing }
  }

  #checkLength(length: number, place: VectorPlace): void {
    if (this.#dimension === 0 && length > 0) {
      this.#dimension = length
      this.#values = new Float64Array(this.#rows * length).fill(Number.NaN)
    }
    if (length === this.#dimension && length > 0) return
    const others = this.#dimension === 0 ? '' : `, those before have ${this.#dimension}`
    throw new UserError({
      code: 'MW-DATA-306',
      where: place.file,
      what: `the vector in row ${place.row} of column ${JSON.stringify(this.#column)} has ${numbers(length)}${others}.`,
      fix: 'Write vectors of one length, and leave the cell empty where there is none.',
    })
  }
}

/** A call for each number would cost more than reading it. */
export function hasNaN(vector: Float64Array): boolean {
  for (let i = 0; i < vector.length; i++) {
    if (Number.isNaN(vector[i] as number)) return true
  }
  return false
}

function numbers(count: number): string {
  return count === 1 ? '1 number' : `${count} numbers`
}

const missingWords: ReadonlySet<string> = new Set(['nan', 'null', 'none', 'na'])

/**
 * The numbers of a text such as `[0.1, 0.2]`, `0.1;0.2` or `(1 2 3)`; NaN for `nan`, `null`, `none` and `NA`. Undefined where it is
 * something else; `[]` has none.
 */
export function parseVector(text: string): Float64Array | undefined {
  const content = text
    .trim()
    .replace(/^\[(.*)\]$|^\((.*)\)$|^\{(.*)\}$/s, '$1$2$3')
    .trim()
  if (content === '') return text.trim() === '' ? undefined : new Float64Array(0)
  const separator = content.includes(';') ? /\s*;\s*/ : content.includes(',') ? /\s*,\s*/ : /\s+/
  const cells = content.split(separator)
  const values = Float64Array.from(cells, numberOf)
  const isNumbers = cells.every((cell, index) => {
    return !Number.isNaN(values[index] as number) || missingWords.has(cell.toLowerCase())
  })
  return isNumbers ? values : undefined
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const infinite = /^([+-]?)inf(?:inity)?$/i

function numberOf(cell: string): number {
  if (decimal.test(cell)) return Number(cell)
  const sign = infinite.exec(cell)?.[1]
  return sign === undefined ? Number.NaN : Number(`${sign}Infinity`)
}
