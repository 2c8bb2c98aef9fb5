import { DriftSection } from '../../src/config/drift.js'
import {
  type ColumnComparison,
  compareColumn,
  decideColumns,
} from '../../src/domain/drift/decide.js'
import type { DriftPolicy } from '../../src/domain/drift/policy.js'
import type { DriftPredicateBody } from '../../src/domain/drift/predicate.js'
import { sampleOf } from '../../src/domain/drift/samples.js'
import type { RandomSource } from '../../src/domain/stats/random.js'
import type { Column } from '../../src/domain/table/column.js'
import { type Cell, type Part, percent, type Row, standardErrorOf } from './cell.js'
import {
  CATEGORICAL,
  type Change,
  CLASSES,
  HOLES,
  type Law,
  MIXED,
  NORMAL,
  NUMERIC,
} from './drift-laws.js'
import { namedRandom } from './random-numbers.js'

/** What a configuration without rules of its own means. */
export const DEFAULTS: DriftPolicy = DriftSection.parse({ reference: 'a.csv', current: 'b.csv' })

export interface Sizes {
  readonly reference: number
  readonly current: number
}

export function compare(policy: DriftPolicy, before: Column, now: Column): ColumnComparison {
  const name = before.name
  return compareColumn(policy, sampleOf(before), sampleOf({ ...now, name }))
}

export function decide(
  policy: DriftPolicy,
  comparisons: readonly ColumnComparison[],
  rows: Sizes,
): DriftPredicateBody {
  return decideColumns(policy, comparisons, { rows, findings: [] })
}

function unchanged(
  laws: readonly Law[],
  { columns, sizes }: { readonly columns: number; readonly sizes: Sizes },
  random: RandomSource,
): ColumnComparison[] {
  return Array.from({ length: columns }, (_, i) => {
    const law = laws[i % laws.length] ?? NORMAL
    const before = { ...law.draw(sizes.reference, random), name: `c${i}` }
    return compare(DEFAULTS, before, law.draw(sizes.current, random))
  })
}

/** How often nothing at all is called drift, where there is none. */
class Tally {
  private readonly decisions = new Map<string, number>()
  private drifted = 0
  private open = 0
  private columns = 0
  private runs = 0

  add(body: DriftPredicateBody): void {
    this.runs++
    this.decisions.set(body.decision, (this.decisions.get(body.decision) ?? 0) + 1)
    if (body.columns.some((column) => column.drifted)) this.drifted++
    this.columns += body.columns.length
    this.open += body.columns.filter(({ status }) => status === 'inconclusive').length
  }

  row(situation: string): Row {
    const share = (count: number) => percent(count / this.runs)
    const decided = (decision: string) => share(this.decisions.get(decision) ?? 0)
    return {
      situation,
      runs: this.runs,
      'runs with a drifted column': share(this.drifted),
      'standard error at 5%': percent(standardErrorOf(0.05, this.runs)),
      pass: decided('pass'),
      warn: decided('warn'),
      inconclusive: decided('inconclusive'),
      fail: decided('fail'),
      'columns inconclusive': percent(this.open / Math.max(1, this.columns)),
    }
  }
}

interface Situation {
  readonly kind: string
  readonly laws: readonly Law[]
  readonly columns: number
  readonly sizes: Sizes
  readonly runs: number
}

function falseAlarms({ kind, laws, columns, sizes, runs: usual }: Situation): Cell {
  const name = `${sizesText(sizes)} rows, ${columns} columns, ${kind}`
  return {
    name,
    runs: usual,
    simulate: (runs, seed) => {
      const random = namedRandom(seed, name)
      const tally = new Tally()
      for (let run = 0; run < runs; run++) {
        tally.add(decide(DEFAULTS, unchanged(laws, { columns, sizes }, random), sizes))
      }
      return [tally.row(name)]
    },
  }
}

function sizesText({ reference, current }: Sizes): string {
  return `${reference.toLocaleString('en-US')} + ${current.toLocaleString('en-US')}`
}

const SAME = (rows: number): Sizes => ({ reference: rows, current: rows })

/** The runs by number of columns, and the part of them that large samples get. */
const RUNS: readonly (readonly [number, number])[] = [
  [5, 1000],
  [50, 300],
  [500, 60],
]

function situations(): readonly Situation[] {
  const kinds = { mixed: MIXED, numeric: NUMERIC, categorical: CATEGORICAL }
  return [50, 200, 1000, 10_000].flatMap((rows) => {
    const part = rows === 10_000 ? 0.3 : 1
    const mixed = RUNS.map(([columns, runs]) => ({
      kind: 'mixed',
      laws: MIXED,
      columns,
      sizes: SAME(rows),
      runs: Math.round(runs * part),
    }))
    const pure = (['numeric', 'categorical'] as const).map((kind) => ({
      kind,
      laws: kinds[kind],
      columns: 50,
      sizes: SAME(rows),
      runs: Math.round(150 * part),
    }))
    return [...mixed, ...pure]
  })
}

const UNEVEN: readonly Sizes[] = [
  { reference: 10_000, current: 50 },
  { reference: 10_000, current: 500 },
  { reference: 500, current: 10_000 },
]

export const driftFalseAlarms: Part = {
  title: 'False alarms of the drift check',
  text: 'Both samples of every column come from one law, with the default policy: in how many runs any column is called drifted, and what is decided.',
  cells: () => [
    ...situations().map(falseAlarms),
    ...UNEVEN.map((sizes) =>
      falseAlarms({ kind: 'mixed', laws: MIXED, columns: 50, sizes, runs: 150 }),
    ),
  ],
}

export const driftMillion: Part = {
  title: 'False alarms of the drift check at a million rows',
  text: 'The same with 1,000,000 rows in each sample.',
  cells: () =>
    [5, 50].map((columns) =>
      falseAlarms({
        kind: 'mixed',
        laws: MIXED,
        columns,
        sizes: SAME(1_000_000),
        runs: columns === 5 ? 20 : 2,
      }),
    ),
}

interface Shift {
  readonly name: string
  readonly law: Law
  readonly change: Change
}

const mean = (by: number): Shift => ({ name: `mean +${by} sd`, law: NORMAL, change: { mean: by } })

const SHIFTS: readonly Shift[] = [
  ...[0.05, 0.1, 0.15, 0.2, 0.3, 0.5].map(mean),
  { name: 'spread x1.3', law: NORMAL, change: { spread: 1.3 } },
  { name: 'classes .5 .3 .2 to .4 .35 .25', law: CLASSES, change: { shares: [0.4, 0.35, 0.25] } },
  { name: 'classes .5 .3 .2 to .3 .4 .3', law: CLASSES, change: { shares: [0.3, 0.4, 0.3] } },
  { name: 'missing 5% to 8%', law: HOLES, change: { missing: 0.08 } },
  { name: 'missing 5% to 20%', law: HOLES, change: { missing: 0.2 } },
  { name: 'a new category, 0.5%', law: CLASSES, change: { fresh: 0.005 } },
]

const OTHERS = 9

/** Each change alone among nine columns without any, which are the same for all changes. */
function power(rows: number, usual: number): Cell {
  const name = `power at ${sizesText(SAME(rows))} rows`
  return {
    name,
    runs: usual,
    simulate: (runs, seed) => {
      const random = namedRandom(seed, name)
      const counts = SHIFTS.map(() => ({ drifted: 0, inconclusive: 0, stable: 0, unconfirmed: 0 }))
      for (let run = 0; run < runs; run++) {
        const others = unchanged(MIXED, { columns: OTHERS, sizes: SAME(rows) }, random)
        for (const [i, { law, change }] of SHIFTS.entries()) {
          const before = { ...law.draw(rows, random), name: 'changed' }
          const changed = compare(DEFAULTS, before, law.draw(rows, random, change))
          const [found] = decide(DEFAULTS, [changed, ...others], SAME(rows)).columns
          const count = counts[i]
          if (found !== undefined && count !== undefined) count[found.status]++
        }
      }
      return SHIFTS.map(({ name: change }, i) => ({
        change,
        rows: rows.toLocaleString('en-US'),
        runs,
        drifted: percent((counts[i]?.drifted ?? 0) / runs),
        inconclusive: percent((counts[i]?.inconclusive ?? 0) / runs),
        stable: percent((counts[i]?.stable ?? 0) / runs),
      }))
    },
  }
}

export const driftPower: Part = {
  title: 'What the drift check finds',
  text: 'One column of ten has changed, with the default policy (limits of 0.1 standard deviations and a Jensen-Shannon distance of 0.1): what that column is called. Changes under the limits are to be stable, however many rows there are.',
  cells: () => [power(50, 300), power(200, 300), power(1000, 300), power(10_000, 100)],
}
