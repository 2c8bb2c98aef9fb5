import {
  type ColumnSummary,
  summaryOfCategories,
  summaryOfNumbers,
} from '../../domain/drift/profile/summary.js'
import type { RandomSource } from '../../domain/stats/random.js'
import { CategorySketch } from '../../domain/stats/sketch/category-sketch.js'
import { NumericSketch } from '../../domain/stats/sketch/numeric-sketch.js'
import type { CategoricalColumn, Column, NumericColumn } from '../../domain/table/column.js'

export interface ColumnSketchOptions {
  /** What the column may take, in bytes. */
  readonly bytes: number
  readonly random: RandomSource
  /** Whether numbers and times count as the text that they are written as. */
  readonly isText: boolean
}

/** One column while its rows go by. */
export class ColumnSketch {
  readonly name: string
  readonly #options: ColumnSketchOptions
  #numbers: NumericSketch | undefined
  #categories: CategorySketch | undefined
  #type: Column['type'] | undefined
  /** Rows before the first value, which say nothing of the type. */
  #blank = 0
  /** Whether its rows are of more than one type, so that it is text. */
  isMixed = false

  constructor(name: string, options: ColumnSketchOptions) {
    this.name = name
    this.#options = options
  }

  add(column: Column): void {
    const rows = column.kind === 'numeric' ? column.values.length : column.codes.length
    if (column.missing === rows) this.#addBlank(rows)
    else if (column.kind === 'categorical') this.#addCategories(column)
    else if (this.#options.isText) this.#addCategories(asText(column))
    else this.#addNumbers(column)
  }

  finish(): ColumnSummary {
    const { name } = this
    if (this.#categories !== undefined) {
      const type = this.#type === 'boolean' ? 'boolean' : 'string'
      return summaryOfCategories({ name, type }, this.#categories.finish())
    }
    const type = this.#type === 'integer' || this.#type === 'timestamp' ? this.#type : 'number'
    return summaryOfNumbers({ name, type }, this.#asNumbers().finish())
  }

  #addBlank(rows: number): void {
    if (this.#numbers !== undefined) this.#numbers.addMissing(rows)
    else if (this.#categories !== undefined) this.#categories.add([], rows)
    else this.#blank += rows
  }

  #addNumbers(column: NumericColumn): void {
    if (!this.#joins(column.type)) return
    this.#asNumbers().add(column.values)
  }

  #addCategories(column: CategoricalColumn): void {
    if (!this.#joins(column.type)) return
    this.#asCategories().add(countsOf(column), column.missing)
  }

  /** Integers and numbers are numbers together; other types are only alike. */
  #joins(type: Column['type']): boolean {
    const known = this.#type ?? type
    const isNumber = [known, type].every((one) => one === 'integer' || one === 'number')
    this.#type = known === type ? type : 'number'
    if (known !== type && !isNumber) this.isMixed = true
    return !this.isMixed
  }

  #asNumbers(): NumericSketch {
    if (this.#numbers !== undefined) return this.#numbers
    const { bytes, random } = this.#options
    this.#numbers = new NumericSketch({ k: sketchSize(bytes), random })
    this.#numbers.addMissing(this.#blank)
    return this.#numbers
  }

  #asCategories(): CategorySketch {
    if (this.#categories !== undefined) return this.#categories
    const { bytes, random } = this.#options
    this.#categories = new CategorySketch({
      bytes: bytes * SHARE_OF_TEXTS,
      sample: SAMPLED_ROWS,
      random,
    })
    this.#categories.add([], this.#blank)
    return this.#categories
  }
}

/** The rest is for the map that grows by a copy of itself, and for texts of rows gone by. */
const SHARE_OF_TEXTS = 0.6
/** Of a column with too many different texts. */
const SAMPLED_ROWS = 100_000

/** Distinct values that are counted, and a block that is sorted. */
const FIXED_BYTES = 5_000_000
/** Levels of a sketch together hold about five times the largest, and a level is copied where it grows. */
const BYTES_A_VALUE = 64
const SMALLEST = 1 << 12
const LARGEST = 1 << 17

function sketchSize(bytes: number): number {
  const size = Math.floor((bytes - FIXED_BYTES) / BYTES_A_VALUE)
  return Math.min(LARGEST, Math.max(SMALLEST, size))
}

function countsOf({ codes, categories }: CategoricalColumn): (readonly [string, number])[] {
  const counts = new Float64Array(categories.length)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? -1
    if (code >= 0) counts[code] = (counts[code] ?? 0) + 1
  }
  return categories.flatMap((category, code) => {
    const count = counts[code] ?? 0
    return count > 0 ? [[category, count] as const] : []
  })
}

function asText({ name, values, missing }: NumericColumn): CategoricalColumn {
  const places = new Map<number, number>()
  const codes = Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return -1
    const place = places.get(value) ?? places.size
    places.set(value, place)
    return place
  })
  const categories = [...places.keys()].map(String)
  return { kind: 'categorical', name, type: 'string', codes, categories, missing }
}
