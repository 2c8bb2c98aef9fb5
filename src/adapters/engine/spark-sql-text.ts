import type { EngineValue } from '../../ports/engine.js'

/**
 * What goes in and out of the program `spark-sql`. Its own reader of scripts cuts at semicolons, also between backticks, and drops lines that
 * look like comments: a name could end a statement there. So what is not plain is sent as a text in which nothing but letters, digits and
 * a few signs stand for themselves.
 */

/**
 * One statement on one line, which gives each row of a query as JSON, and one row more that says that these are all. JSON comes in hexadecimal
 * digits: what else the program prints depends on the locale.
 */
export function statementOf(sql: string, id: string): string {
  const tag = `concat('mw-', '${id} `
  const rows = `SELECT ${tag}', hex(to_json(struct(*), map('ignoreNullFields', 'false')))) FROM (${sql}) mw_out`
  const whole = `${rows} UNION ALL SELECT ${tag}ok')`
  return `${isPlain(sql) ? whole : `EXECUTE IMMEDIATE '${escaped(whole)}'`};\nSELECT ${tag}end');\n`
}

function isPlain(sql: string): boolean {
  const bare = sql.replaceAll(/'[\w .:+-]*'/g, '')
  return /^[\w .,()=<>*`+/-]*$/.test(bare) && !/--|\/\*/.test(bare)
}

/** EXECUTE IMMEDIATE is of Spark 4. */
function escaped(sql: string): string {
  return sql.replaceAll(/[^\w .,()=<>*`]/g, (sign) =>
    [...Array(sign.length).keys()]
      .map((at) => `\\u${sign.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`)
      .join(''),
  )
}

export type SparkSqlLine =
  | { readonly kind: 'row'; readonly json: string }
  | { readonly kind: 'ok' | 'end' }

/** What a line of its output says of a query; undefined for what is of no query, as prompts are. */
export function lineOf(line: string, id: string): SparkSqlLine | undefined {
  const mark = `mw-${id} `
  if (!line.startsWith(mark)) return undefined
  const rest = line.slice(mark.length)
  if (rest === 'ok' || rest === 'end') return { kind: rest }
  return { kind: 'row', json: Buffer.from(rest, 'hex').toString('utf8') }
}

const TEXT = '"(?:[^"\\\\]|\\\\.)*"'
const PAIR = new RegExp(`(${TEXT}):(${TEXT}|-?\\d[\\d.eE+-]*|true|false|null)(,|\\}$)`, 'y')

export interface SparkSqlRow {
  readonly names: readonly string[]
  readonly values: readonly EngineValue[]
}

/**
 * A flat object of JSON with its keys in their order, also where two are the same, and whole numbers with every digit. Undefined for what is
 * none.
 */
export function rowOf(json: string): SparkSqlRow | undefined {
  if (json === '{}') return { names: [], values: [] }
  if (!json.startsWith('{')) return undefined
  const names: string[] = []
  const values: EngineValue[] = []
  PAIR.lastIndex = 1
  for (;;) {
    const [, name, value, end] = PAIR.exec(json) ?? []
    if (name === undefined || value === undefined) return undefined
    try {
      names.push(String(JSON.parse(name)))
      values.push(valueIn(value))
    } catch {
      return undefined
    }
    if (end === '}') return { names, values }
  }
}

function valueIn(text: string): EngineValue {
  const value = JSON.parse(text) as EngineValue
  const isCut = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
  return isCut && /^-?\d+$/.test(text) ? text : value
}
