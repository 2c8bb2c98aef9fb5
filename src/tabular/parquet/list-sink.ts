import type { Lists } from '../table-format.js'
import type { Page, PageSink } from './column-pages.js'
import { dereference } from './column-sinks.js'
import type { LeafColumn, Meaning } from './leaf-column.js'
import type { ParquetFile } from './parquet-file.js'
import { toNumbers } from './physical-numbers.js'

/** Collects lists of numbers. What is no number is the caller's to refuse, by its meaning. */
export function listSink(
  column: LeafColumn,
  meaning: Meaning,
  file: ParquetFile,
): PageSink & { readonly finish: () => Lists } {
  const lengths = new Int32Array(file.rows).fill(-1)
  const values = new Float64Array(entriesOf(file, column))
  let dictionary = new Float64Array(0)
  let row = -1
  let filled = 0

  /** Counts an entry of a page to its row; true where it is a number or a missing one. */
  const enter = (isFirst: boolean, definition: number): boolean => {
    if (isFirst) row++
    if (row < 0 || row >= lengths.length)
      throw new Error('the pages hold other rows than the footer says')
    const list = column.list?.definition ?? 0
    if (definition < list) return false
    const isElement = definition > list
    lengths[row] = Math.max(0, lengths[row] as number) + (isElement ? 1 : 0)
    return isElement
  }

  return {
    dictionary: (stored) => {
      dictionary = toNumbers(stored, meaning)
    },
    page: ({ rows, levels, present, content }: Page) => {
      if (levels === undefined) throw new Error('a page without its levels')
      const numbers =
        'indices' in content
          ? dereference(content.indices, dictionary)
          : toNumbers(content.values, meaning)
      let next = 0
      for (let i = 0; i < rows; i++) {
        const isElement = enter(levels.repetition[i] === 0, levels.definition[i] as number)
        if (!isElement) continue
        values[filled++] = present?.[i] === 0 ? Number.NaN : (numbers[next++] as number)
      }
    },
    finish: () => {
      if (row !== lengths.length - 1)
        throw new Error('the pages hold fewer rows than the footer says')
      return { lengths, values: values.subarray(0, filled) }
    },
  }
}

function entriesOf({ groups }: ParquetFile, column: LeafColumn): number {
  let entries = 0
  for (const { group } of groups) {
    for (const { meta_data: meta } of group.columns) {
      if (meta?.path_in_schema[0] === column.name) entries += Number(meta.num_values)
    }
  }
  return entries
}
