import * as z from 'zod'
import { categoryPair, numericPair, sampleOf } from '../../domain/drift/samples.js'
import type { CategoryPair, NumericPair, TestOutcome } from '../../domain/drift/tests/drift-test.js'
import { findTest, runTest, testNames } from '../../domain/drift/tests/index.js'
import type { CategoricalColumn, NumericColumn } from '../../domain/table/column.js'
import { UserError } from '../../errors.js'
import type { Procedure } from './procedure.js'

const Cell = z.union([z.number(), z.string(), z.boolean(), z.null()])

const input = z.strictObject({
  reference: z.array(Cell).describe('The first sample; null is missing.'),
  current: z.array(Cell).describe('The second sample; null is missing.'),
  kind: z
    .enum(['numeric', 'categorical'])
    .default('numeric')
    .describe('Whether the values are quantities or categories.'),
  tests: z
    .array(z.enum(testNames()))
    .min(1)
    .optional()
    .describe('Which tests and distances; all that fit the kind unless given.'),
})

interface TwoSampleOutput {
  readonly tests: Readonly<
    Record<string, { readonly statistic: number | null; readonly pValue: number | null }>
  >
}

/** `modelway stats two-sample`: the tests and distances of drift-check on two samples. */
export const procedure = {
  name: 'two-sample',
  summary: 'Tests and distances between two samples, as drift-check computes them.',
  input,
  output: {
    tests:
      'By name of the test: `statistic`, and `pValue` (null for a distance). Both are null when a sample has no values.',
  },
  run: runTwoSample,
} as const satisfies Procedure<typeof input>

function runTwoSample(given: z.output<typeof input>): TwoSampleOutput {
  const names = given.tests ?? testNames(given.kind)
  const unfit = names.filter((name) => findTest(name)?.[given.kind] === undefined)
  if (unfit.length > 0) throw unfitError(unfit, given.kind)
  const pair = given.kind === 'numeric' ? numbers(given) : categories(given)
  const outcomes = names.map((name) => [name, outcomeOf(name, pair)] as const)
  return { tests: Object.fromEntries(outcomes) }
}

function outcomeOf(
  name: string,
  pair: NumericPair | CategoryPair,
): { statistic: number | null; pValue: number | null } {
  const test = findTest(name)
  const outcome: TestOutcome | undefined = test && runTest(test, pair)
  return outcome ?? { statistic: null, pValue: null }
}

function unfitError(names: readonly string[], kind: 'numeric' | 'categorical'): UserError {
  return new UserError({
    code: 'MW-STATS-201',
    where: 'tests',
    what: `${names.join(', ')} cannot compare ${kind} samples.`,
    fix: `Name one of: ${testNames(kind).join(', ')}.`,
  })
}

type Samples = Pick<z.output<typeof input>, 'reference' | 'current'>
type Cells = Samples['reference']

function numbers({ reference, current }: Samples): NumericPair | CategoryPair {
  return numericPair(
    sampleOf(numericColumn('reference', reference)),
    sampleOf(numericColumn('current', current)),
  ).pair
}

function numericColumn(name: string, cells: Cells): NumericColumn {
  const values = Float64Array.from(cells, (cell, i) => numberOf(cell, `${name}[${i}]`))
  return { kind: 'numeric', name, type: 'number', values, missing: 0 }
}

function numberOf(cell: Cells[number], where: string): number {
  if (cell === null) return Number.NaN
  if (typeof cell === 'number') return cell
  throw new UserError({
    code: 'MW-STATS-202',
    where,
    what: 'is not a number.',
    fix: 'Write numbers and null only, or set kind to categorical.',
  })
}

function categories({ reference, current }: Samples): NumericPair | CategoryPair {
  return categoryPair(
    sampleOf(textColumn('reference', reference)),
    sampleOf(textColumn('current', current)),
  ).pair
}

function textColumn(name: string, cells: Cells): CategoricalColumn {
  const codes = new Int32Array(cells.length)
  const byText = new Map<string, number>()
  for (const [row, cell] of cells.entries()) {
    if (cell === null) {
      codes[row] = -1
      continue
    }
    const text = String(cell)
    const code = byText.get(text) ?? byText.size
    byText.set(text, code)
    codes[row] = code
  }
  return {
    kind: 'categorical',
    name,
    type: 'string',
    codes,
    categories: [...byText.keys()],
    missing: 0,
  }
}
