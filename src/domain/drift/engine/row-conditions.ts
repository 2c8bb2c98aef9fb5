import type { Checked, Problem } from '../../problem.js'
import type { Dialect, EngineColumn } from './dialect.js'
import { isMissing } from './table-source.js'

type Scalar = string | number | boolean

interface CellRule {
  readonly in?: readonly Scalar[] | undefined
  readonly 'not-in'?: readonly Scalar[] | undefined
  readonly min?: number | string | undefined
  readonly max?: number | string | undefined
  readonly below?: number | string | undefined
  readonly missing?: boolean | undefined
}

/** As `drift.rows.where` has them by column. */
export type RowConditions = Readonly<Record<string, Scalar | readonly Scalar[] | CellRule>>

export interface ConditionContext {
  readonly dialect: Dialect
  readonly columns: readonly EngineColumn[]
  /** The configuration key. */
  readonly where: string
  /** A text in ISO 8601 as milliseconds since the epoch; NaN for others. */
  readonly timeOf: (text: string) => number
}

/**
 * Conditions on rows in SQL, with the meaning that they have on files: a missing cell is in no list and between no bounds, and none of
 * `not-in`. A column that the table does not have is a problem: the condition would hold for every row.
 */
export function conditionsSql(
  conditions: RowConditions,
  context: ConditionContext,
): Checked<readonly string[]> {
  const byName = new Map(context.columns.map((column) => [column.name, column]))
  const found: string[] = []
  const problems: Problem[] = []
  for (const [name, condition] of Object.entries(conditions)) {
    const column = byName.get(name)
    if (column === undefined) {
      problems.push(absent(name, context.where))
      continue
    }
    try {
      found.push(ruleSql(ruleOf(condition), column, context))
    } catch (error) {
      if (!(error instanceof UnfitValue)) throw error
      problems.push(unfit(column, error, context.where))
    }
  }
  return problems.length > 0 ? { problems } : { value: found }
}

function absent(name: string, where: string): Problem {
  return {
    code: 'MW-DRIFT-709',
    where,
    what: `drift.rows names column ${JSON.stringify(name)}, which the table does not have.`,
    fix: 'Take the condition out, or mend its name.',
  }
}

class UnfitValue extends Error {}

function unfit({ name, engineType }: EngineColumn, { message }: Error, where: string): Problem {
  return {
    code: 'MW-DRIFT-704',
    where,
    what: `column ${JSON.stringify(name)} is of type ${engineType}, with which ${message} cannot be compared.`,
    fix: 'Compare with a value of the kind that the column holds; timestamps are written in ISO 8601.',
  }
}

function ruleOf(condition: RowConditions[string]): CellRule {
  if (Array.isArray(condition)) return { in: condition }
  return typeof condition === 'object' ? (condition as CellRule) : { in: [condition] }
}

function ruleSql(rule: CellRule, column: EngineColumn, context: ConditionContext): string {
  const { dialect } = context
  const missing = `(${isMissing(dialect, column)})`
  const isBounded = [rule.in, rule.min, rule.max, rule.below].some((one) => one !== undefined)
  const takesMissing = rule.missing !== false && !isBounded
  if (rule.missing === true) return takesMissing ? missing : '1 = 0'
  const values = valueConditions(rule, column, context).map((one) => `(${one})`)
  const present = [`NOT ${missing}`, ...values].join(' AND ')
  return takesMissing ? `${missing} OR (${present})` : present
}

function valueConditions(
  rule: CellRule,
  column: EngineColumn,
  context: ConditionContext,
): readonly string[] {
  const { cell, literal } = comparable(column, context)
  const bound = (sign: string, value: number | string | undefined) => {
    if (value === undefined) return []
    if (column.type === 'boolean') throw new UnfitValue(JSON.stringify(value))
    // As text, 10 would come before 9.
    if (column.type === 'string' && typeof value === 'number') throw new UnfitValue(`${value}`)
    return [`${cell} ${sign} ${literal(value)}`]
  }
  const list = (values: readonly Scalar[]) => `${cell} IN (${values.map(literal).join(', ')})`
  return [
    ...(rule.in === undefined ? [] : [list(rule.in)]),
    ...(rule['not-in'] === undefined ? [] : [`NOT (${list(rule['not-in'])})`]),
    ...bound('>=', rule.min),
    ...bound('<=', rule.max),
    ...bound('<', rule.below),
  ]
}

interface Comparable {
  readonly cell: string
  readonly literal: (value: Scalar) => string
}

/** The column as it is where it can be, so that the engine leaves out what cannot match. */
function comparable(column: EngineColumn, context: ConditionContext): Comparable {
  const { dialect } = context
  const name = dialect.identifier(column.name)
  switch (column.type) {
    case 'string':
      return { cell: dialect.asText(name), literal: (value) => dialect.text(String(value)) }
    case 'boolean':
      return {
        cell: `CASE WHEN ${name} THEN 1 ELSE 0 END`,
        literal: (value) => (truthOf(value) ? '1' : '0'),
      }
    case 'integer':
      return {
        cell: name,
        literal: (value) => {
          const number = finiteOf(value, Number)
          return Number.isSafeInteger(number) ? String(number) : dialect.number(number)
        },
      }
    case 'number':
      return {
        cell: dialect.asDouble(name),
        literal: (value) => dialect.number(finiteOf(value, Number)),
      }
    case 'timestamp':
    case 'date':
      return {
        cell: name,
        literal: (value) => dialect.timestamp(finiteOf(value, context.timeOf), column),
      }
    case 'other':
      throw new UnfitValue('any value')
  }
}

function truthOf(value: Scalar): boolean {
  const text = String(value).toLowerCase()
  if (text !== 'true' && text !== 'false') throw new UnfitValue(JSON.stringify(value))
  return text === 'true'
}

function finiteOf(value: Scalar, parse: (text: string) => number): number {
  if (typeof value === 'boolean' || (typeof value === 'string' && value.trim() === '')) {
    throw new UnfitValue(JSON.stringify(value))
  }
  const number = typeof value === 'number' ? value : parse(value.trim())
  if (!Number.isFinite(number)) throw new UnfitValue(JSON.stringify(value))
  return number
}

/** A window of time, and perhaps the hours (0 to 23), weekdays (1 for Monday to 7) or months (1 to 12) of it that count, in UTC. */
export interface TimeCondition {
  /** Milliseconds since the epoch, included. */
  readonly start?: number | undefined
  /** Milliseconds since the epoch, not included. */
  readonly end?: number | undefined
  readonly season?:
    | {
        readonly kind: 'hour' | 'weekday' | 'month'
        readonly values: readonly number[]
      }
    | undefined
}

/** Which rows lie in a window; those without a time never do. */
export function timeSql(
  { start, end, season }: TimeCondition,
  column: EngineColumn,
  dialect: Dialect,
): readonly string[] {
  const name = dialect.identifier(column.name)
  const found = [
    ...(start === undefined ? [] : [`${name} >= ${dialect.timestamp(start, column)}`]),
    ...(end === undefined ? [] : [`${name} < ${dialect.timestamp(end, column)}`]),
  ]
  if (season === undefined) return found
  const place = seasonSql(season.kind, dialect.milliseconds(name, column), dialect)
  return [...found, `${place} IN (${season.values.map(dialect.number).join(', ')})`]
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

function seasonSql(kind: 'hour' | 'weekday' | 'month', time: string, { number }: Dialect): string {
  const turns = (length: number, shift: number) =>
    `(FLOOR(${time} / ${number(length)}) + ${number(shift)})`
  const within = (place: string, count: number) =>
    `(${place} - ${number(count)} * FLOOR(${place} / ${number(count)}))`
  if (kind === 'hour') return within(turns(HOUR, 0), 24)
  // 1970-01-01 was a Thursday.
  if (kind === 'weekday') return `(${within(turns(DAY, 3), 7)} + ${number(1)})`
  return monthSql(turns(DAY, 0), number)
}

/** The month of a day since the epoch by four years at a time, of which the days are the same from 1901 to 2099. */
function monthSql(day: string, number: Dialect['number']): string {
  const cycle = 1461
  // 1968-03-01, after which a leap day is the last of its four years.
  const since = `(${day} + ${number(671)})`
  const inCycle = `(${since} - ${number(cycle)} * FLOOR(${since} / ${number(cycle)}))`
  const year = `least(FLOOR(${inCycle} / ${number(365)}), ${number(3)})`
  const dayOfYear = `(${inCycle} - ${number(365)} * ${year})`
  const march = `FLOOR((${number(5)} * ${dayOfYear} + ${number(2)}) / ${number(153)})`
  return `(${march} + CASE WHEN ${march} < ${number(10)} THEN ${number(3)} ELSE ${number(-9)} END)`
}
