import type { ExampleRows, GateExamples } from './examples.js'
import { DEFAULT_MIN_SIZE, type GateRule } from './policy.js'
import { type Intersection, sliceGroups } from './slices.js'
import type { SliceKey, SliceSummary } from './verdict.js'

/** A slice of the examples that a rule is asked of. */
export interface PlannedSlice {
  readonly key: SliceKey
  readonly rows: Int32Array
  /** Unpaired: its rows among the baseline's own examples. */
  readonly baselineRows: Int32Array | undefined
  readonly tooSmall: boolean
}

export interface Split {
  readonly slices: readonly PlannedSlice[]
  readonly summary: SliceSummary
}

/** So many slices that are too small are listed by name; the rest are counted. */
const SKIPPED_SHOWN = 20

/** The slices of one entry of `slices.by`, counted and not yet made. */
interface Counted {
  readonly groups: Intersection
  /** Examples by code; the last place is for those without a value. */
  readonly sizes: Int32Array
}

/** How many slices a rule would judge by these columns: counted, without making any. */
export function countSlices(
  rule: GateRule,
  columns: readonly string[],
  examples: GateExamples,
): number {
  const minSize = minSizeOf(rule)
  const counted = countRows(rule, columns, examples)
  return counted?.sizes.reduce((count, size) => count + (size >= minSize ? 1 : 0), 0) ?? 0
}

/** The slices of one entry of `slices.by`: those to judge, and the first of those that are too small. */
export function splitBy(rule: GateRule, columns: readonly string[], examples: GateExamples): Split {
  const minSize = minSizeOf(rule)
  const own = countRows(rule, columns, examples)
  const theirs = examples.baselineRows && countRows(rule, columns, examples.baselineRows)
  const match = matchCodes(own, theirs)
  const sizes = own?.sizes ?? new Int32Array()
  const isSmall = (code: number) =>
    (sizes[code] ?? 0) < minSize || (match !== undefined && match.sizeOf(code) < minSize)
  const shown: number[] = []
  let values = 0
  let skipped = 0
  for (let code = 0; code < sizes.length; code++) {
    if (sizes[code] === 0) continue
    values++
    if (isSmall(code)) skipped++
    if (!isSmall(code) || skipped <= SKIPPED_SHOWN) shown.push(code)
  }
  const rows = rowsOf(own, shown)
  const baselineRows = match && rowsOf(theirs, shown.map(match.codeOf))
  const slices = shown.map((code) => ({
    key: keyOf(columns, own?.groups.parts[code]),
    rows: rows.get(code) ?? new Int32Array(),
    baselineRows: match && (baselineRows?.get(match.codeOf(code)) ?? new Int32Array()),
    tooSmall: isSmall(code),
  }))
  const column = columns.join(' and ')
  return { slices, summary: { column, values, judged: values - skipped, skipped, minSize } }
}

function minSizeOf(rule: GateRule): number {
  return rule.slices?.['min-size'] ?? DEFAULT_MIN_SIZE
}

function countRows(
  rule: GateRule,
  columns: readonly string[],
  examples: ExampleRows,
): Counted | undefined {
  const groups = sliceGroups(examples, { by: columns, bins: rule.slices?.bins })
  if (groups === undefined) return undefined
  const missing = groups.names.length
  const sizes = new Int32Array(missing + 1)
  for (const code of groups.codes) {
    const place = code < 0 ? missing : code
    sizes[place] = (sizes[place] ?? 0) + 1
  }
  return { groups, sizes }
}

/** The rows of the named codes, in one pass. */
function rowsOf(counted: Counted | undefined, wanted: readonly number[]): Map<number, Int32Array> {
  const rows = new Map<number, Int32Array>()
  if (counted === undefined) return rows
  const { groups, sizes } = counted
  for (const code of wanted) rows.set(code, new Int32Array(sizes[code] ?? 0))
  const filled = new Int32Array(sizes.length)
  for (let row = 0; row < groups.codes.length; row++) {
    const own = groups.codes[row] ?? -1
    const code = own < 0 ? groups.names.length : own
    const into = rows.get(code)
    if (into === undefined) continue
    const at = filled[code] ?? 0
    into[at] = row
    filled[code] = at + 1
  }
  return rows
}

/** Where the candidate's slices are among the baseline's own examples: found by their values. */
function matchCodes(own: Counted | undefined, theirs: Counted | undefined) {
  if (own === undefined || theirs === undefined) return undefined
  const missing = theirs.groups.names.length
  const codes = new Map(theirs.groups.names.map((name, code) => [name, code]))
  const codeOf = (code: number): number => {
    const name = own.groups.names[code]
    return name === undefined ? missing : (codes.get(name) ?? -1)
  }
  return { codeOf, sizeOf: (code: number) => theirs.sizes[codeOf(code)] ?? 0 }
}

function keyOf(
  columns: readonly string[],
  values: readonly (string | null)[] | undefined,
): SliceKey {
  const parts = columns.map((column, at) => ({ column, value: values?.[at] ?? null }))
  const [first = { column: '', value: null }, ...and] = parts
  return and.length === 0 ? first : { ...first, and }
}
