import { wilsonInterval } from '../stats/wilson.js'
import type { Column, Table } from '../table/column.js'
import { lengthOf } from '../table/column.js'
import { profileColumns } from './profile.js'
import { withSlack } from './slack.js'

type RuleType = 'integer' | 'number' | 'string' | 'boolean' | 'timestamp'

/** What a data contract may say of a column, with the keys that users write. */
export interface InferredRule {
  readonly type?: RuleType
  readonly required?: false
  readonly nulls?: number
  readonly min?: number
  readonly max?: number
  readonly in?: readonly string[]
  readonly unique?: true
}

export interface InferredContract {
  readonly rows: { readonly min: number }
  readonly columns: ReadonlyMap<string, InferredRule>
  /** Columns that no contract can name. */
  readonly skipped: readonly string[]
}

/** More texts than this are no set of categories. */
const MOST_CATEGORIES = 20
/** A set is one where its texts come back: each this often, on average. */
const FEWEST_REPEATS = 2
/** Longer texts are no names of categories. */
const LONGEST_CATEGORY = 200
/** Among fewer values that none comes twice says little. */
const FEWEST_UNIQUE = 20
/** Whole numbers drawn at random from their range would repeat one another this often: it is no chance when none does. */
const EXPECTED_REPEATS = 3
/** How sure it is that the share of missing cells is lower. */
const NULLS_LEVEL = 0.99

const LONE_SURROGATE = /[\uD800-\uDFFF]/u

/**
 * A data contract that the files themselves keep, as a draft for people to edit: types; the share of missing cells
 * (none where none is missing, else twice the share or the upper Wilson limit at 99%); the range with a
 * tenth of it on each side, which does not cross 0; the set of texts where there are at most 20; uniqueness. Times have
 * no range, since they move on, and neither have identifiers. Rows: at least one.
 */
export function inferContract(files: readonly Table[]): InferredContract {
  const columns = new Map<string, InferredRule>()
  const skipped: string[] = []
  for (const profile of profileColumns(files)) {
    const { name } = profile
    const parts = files.flatMap((file) => file.columns.filter((column) => column.name === name))
    if (name === '__proto__' || LONE_SURROGATE.test(name)) skipped.push(name)
    else columns.set(name, inferRule({ ...profile, parts, files: files.length }))
  }
  return { rows: { min: 1 }, columns, skipped }
}

interface Evidence {
  readonly parts: readonly Column[]
  readonly files: number
  readonly nulls: number
  readonly distinct: number | null
  readonly min: number | null
  readonly max: number | null
}

function inferRule(evidence: Evidence): InferredRule {
  const { parts, files, nulls } = evidence
  const rows = parts.reduce((sum, part) => sum + lengthOf(part), 0)
  const type = typeOf(parts)
  const isUnique = type !== undefined && inferUnique(type, evidence, rows - nulls)
  const values = type === 'string' && !isUnique ? categoriesOf(parts, rows - nulls) : undefined
  return {
    ...(type === undefined ? {} : { type }),
    ...(parts.length < files ? { required: false } : {}),
    ...nullsRule(nulls, rows),
    ...((type === 'integer' || type === 'number') && !isUnique ? rangeRule(type, evidence) : {}),
    ...(values === undefined ? {} : { in: values }),
    ...(isUnique ? { unique: true } : {}),
  }
}

/** A column without a value has every type; whole numbers in one file are numbers in another. */
function typeOf(parts: readonly Column[]): RuleType | undefined {
  const types = new Set(
    parts.filter((part) => part.missing < lengthOf(part)).map((part) => part.type),
  )
  if (types.size === 2 && types.has('integer') && types.has('number')) return 'number'
  const [only] = types
  return types.size === 1 ? only : undefined
}

function nullsRule(missing: number, rows: number): { readonly nulls?: number } {
  if (rows === 0 || missing === rows) return {}
  if (missing === 0) return { nulls: 0 }
  const upper = wilsonInterval(missing, rows, NULLS_LEVEL)?.high ?? 1
  const share = Math.max((2 * missing) / rows, upper)
  const unit = 10 ** (Math.floor(Math.log10(share)) - 1)
  return { nulls: Math.min(1, Number((Math.ceil(share / unit) * unit).toPrecision(3))) }
}

/** Infinite values leave their side open. */
function rangeRule(
  type: 'integer' | 'number',
  { parts, min, max }: Evidence,
): Pick<InferredRule, 'min' | 'max'> {
  if (min === null || max === null) return {}
  const range = withSlack({ min, max, whole: type === 'integer' })
  const open = { min: false, max: false }
  for (const part of parts) {
    if (part.kind !== 'numeric') continue
    open.min ||= part.values.includes(Number.NEGATIVE_INFINITY)
    open.max ||= part.values.includes(Number.POSITIVE_INFINITY)
  }
  return {
    ...(open.min || !Number.isFinite(range.min) ? {} : { min: range.min }),
    ...(open.max || !Number.isFinite(range.max) ? {} : { max: range.max }),
  }
}

/** Numbers with a fraction seldom repeat one another and times are no identifiers. */
function inferUnique(type: RuleType, { distinct, min, max }: Evidence, values: number): boolean {
  if (values < FEWEST_UNIQUE || distinct !== values) return false
  if (type === 'string') return true
  if (type !== 'integer' || min === null || max === null) return false
  return values ** 2 / (2 * (max - min + 1)) >= EXPECTED_REPEATS
}

/** Undefined where the texts are no set of categories. */
function categoriesOf(parts: readonly Column[], values: number): readonly string[] | undefined {
  const found = new Set<string>()
  for (const part of parts) {
    if (part.kind !== 'categorical') continue
    for (const code of new Set(part.codes)) {
      const category = part.categories[code]
      if (category !== undefined) found.add(category)
      if (found.size > MOST_CATEGORIES) return undefined
    }
  }
  if (found.size === 0 || values < FEWEST_REPEATS * found.size) return undefined
  const categories = [...found].sort()
  return categories.every((text) => text.length <= LONGEST_CATEGORY && !LONE_SURROGATE.test(text))
    ? categories
    : undefined
}
