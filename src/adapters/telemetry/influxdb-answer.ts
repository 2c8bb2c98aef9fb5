import * as z from 'zod'
import { jsonOf } from './json-of.js'
import { notOneNumber } from './query-problems.js'

/** The numbers of an answer, to be added up; NaN for what is none. `partial`: not all that there is. */
export type Numbers = readonly number[] | 'partial'

/** What a query is refused with although the status is that of a success. */
export interface Refusal {
  readonly error: string
}

const Cell = z.union([z.number(), z.string(), z.boolean(), z.null()])

const Influxql = z.object({
  error: z.string().optional(),
  results: z
    .array(
      z.object({
        error: z.string().optional(),
        series: z
          .array(
            z.object({
              columns: z.array(z.string()),
              values: z.array(z.array(Cell)).default([]),
              partial: z.boolean().optional(),
            }),
          )
          .default([]),
        partial: z.boolean().optional(),
      }),
    )
    .default([]),
})

/** Undefined where the text is no answer of /query. */
export function influxqlNumbers(text: string, where: string): Numbers | Refusal | undefined {
  const { data } = Influxql.safeParse(jsonOf(text))
  if (data === undefined) return undefined
  const error = data.error ?? data.results.find((result) => result.error)?.error
  if (error !== undefined) return { error }
  const series = data.results.flatMap((result) => result.series)
  const isPartial = [...data.results, ...series].some(({ partial }) => partial === true)
  if (isPartial) return 'partial'
  return series.flatMap(({ columns, values }) => {
    const others = columns.flatMap((column, i) => (column === 'time' ? [] : [i]))
    if (others.length !== 1) throw notOneNumber(where)
    return values.map((row) => numberOf(row[others[0] ?? 0]))
  })
}

const Rows = z.array(z.record(z.string(), Cell))

/** Undefined where the text is no answer of /api/v3/query_sql. */
export function sqlNumbers(text: string, where: string): Numbers | Refusal | undefined {
  const { data } = Rows.safeParse(jsonOf(text))
  return data?.flatMap((row) => {
    const values = Object.values(row)
    if (values.length > 1) throw notOneNumber(where)
    // sum() of nothing.
    return values[0] === null || values[0] === undefined ? [] : [numberOf(values[0])]
  })
}

/** The column `_value` of all tables of a Flux answer; undefined where the text is none. */
export function fluxNumbers(text: string): Numbers | Refusal | undefined {
  const numbers: number[] = []
  let at: { readonly value: number; readonly error: number } | undefined
  for (const row of rowsOf(text)) {
    if (row.length === 1 && row[0] === '') at = undefined
    else if (at === undefined) {
      at = { value: row.indexOf('_value'), error: row.indexOf('error') }
      if (at.value === -1 && at.error === -1) return undefined
    } else if (at.error !== -1) return { error: row[at.error] ?? '' }
    else numbers.push(numberOf(row[at.value]))
  }
  return numbers
}

/** Rows of CSV: RFC 4180, with blank lines between tables as rows of one empty field. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain = '', end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r?\n|$)/g,
  )) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

function numberOf(cell: string | number | boolean | null | undefined): number {
  if (typeof cell === 'number') return cell
  return typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : Number.NaN
}
