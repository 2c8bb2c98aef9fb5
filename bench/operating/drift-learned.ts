import { columnHistory } from '../../src/domain/drift/learning/column-history.js'
import { learnThresholds } from '../../src/domain/drift/learning/learn.js'
import { cutWindows } from '../../src/domain/drift/learning/windows.js'
import { sampleOf } from '../../src/domain/drift/samples.js'
import type { RandomSource } from '../../src/domain/stats/random.js'
import type { Column } from '../../src/domain/table/column.js'
import { takeCells } from '../../src/tabular/data-set/take-rows.js'
import { type Cell, type Part, percent, type Row, standardErrorOf } from './cell.js'
import { compare, DEFAULTS, decide } from './drift.js'
import { type Change, type Law, MIXED, NORMAL } from './drift-laws.js'
import { namedRandom, normal } from './random-numbers.js'

/** How each window differs from the others though nothing drifts. */
type Wander = (law: Law, random: RandomSource) => Change

const STILL: Wander = () => ({})

/** Means move by a fifth of a deviation, and now and then cells are missing. */
const RESTLESS: Wander = (_, random) => ({
  mean: 0.2 * normal(random),
  ...(random.next() < 0.1 ? { missing: 0.2 * random.next() } : {}),
})

interface Situation {
  readonly name: string
  readonly wander: Wander
  readonly columns: number
  readonly windows: number
  readonly rate: number
  readonly rows: number
  /** Of the current data; as many as a window has unless given. */
  readonly current?: number
  readonly runs: number
}

/** A column window by window, and its current data. */
function drawColumn(law: Law, { windows, rows, wander, current }: Situation, random: RandomSource) {
  const parts = Array.from({ length: windows }, () => law.draw(rows, random, wander(law, random)))
  return {
    reference: joined(parts),
    now: { law, change: wander(law, random), rows: current ?? rows },
  }
}

function joined(parts: readonly Column[]): Column {
  const [first] = parts
  if (first === undefined) throw new RangeError('There is at least one window.')
  const missing = parts.reduce((sum, part) => sum + part.missing, 0)
  if (first.kind === 'numeric') {
    const values = parts.flatMap((part) => (part.kind === 'numeric' ? [...part.values] : []))
    return { ...first, values: Float64Array.from(values), missing }
  }
  const codes = parts.flatMap((part) => (part.kind === 'categorical' ? [...part.codes] : []))
  return { ...first, codes: Int32Array.from(codes), missing }
}

/** A run: whether anything is called drifted, by learned thresholds and by the usual ones; and a column that moved. */
function runOnce(situation: Situation, random: RandomSource) {
  const { columns, windows, rate, rows, current = rows } = situation
  const cuts = cutWindows({ rows: rows * windows }, windows)
  const drawn = Array.from({ length: columns }, (_, i) => {
    const { reference, now } = drawColumn(MIXED[i % MIXED.length] ?? NORMAL, situation, random)
    const named = { ...reference, name: `c${i}` }
    const samples = cuts.map((cut) => sampleOf(takeCells(named, cut)))
    const values = now.law.draw(now.rows, random, now.change)
    return { reference: named, values, history: columnHistory(DEFAULTS, samples) }
  })
  const histories = drawn.flatMap(({ history }) => history ?? [])
  const learned = learnThresholds(histories, { windows, 'false-alarms': rate })
  const sizes = { reference: rows * windows, current }
  const drifted = (policy: typeof DEFAULTS, moved: boolean) => {
    const comparisons = drawn.map(({ reference, values }, i) => {
      const shifted = moved && i === 0 ? movedBy(values, MOVE) : values
      return compare(policy, reference, shifted)
    })
    return decide(policy, comparisons, sizes).columns
  }
  const policy = { ...DEFAULTS, learned }
  return {
    learned: drifted(policy, false).some((column) => column.drifted),
    usual: drifted(DEFAULTS, false).some((column) => column.drifted),
    found: drifted(policy, true)[0]?.drifted === true,
  }
}

/** In standard deviations of the first column. */
const MOVE = 1

function movedBy(column: Column, by: number): Column {
  if (column.kind === 'categorical') return column
  return { ...column, values: column.values.map((value) => value + by) }
}

function cell(situation: Situation): Cell {
  const { name, rate, runs: usual } = situation
  return {
    name,
    runs: usual,
    simulate: (runs, seed): Row[] => {
      const random = namedRandom(seed, name)
      const found = Array.from({ length: runs }, () => runOnce(situation, random))
      const share = (of: (one: (typeof found)[number]) => boolean) =>
        percent(found.filter(of).length / runs)
      return [
        {
          situation: name,
          runs,
          'stated rate': percent(rate),
          'false alarms, learned': share((one) => one.learned),
          'standard error': percent(standardErrorOf(rate, runs)),
          'false alarms, default': share((one) => one.usual),
          [`finds +${MOVE} sd in a column`]: share((one) => one.found),
        },
      ]
    },
  }
}

const SITUATIONS: readonly Situation[] = [
  ...[
    { columns: 5, runs: 400 },
    { columns: 50, runs: 60 },
  ].flatMap(({ columns, runs }) =>
    (
      [
        ['the same in every window', STILL],
        ['windows that differ', RESTLESS],
      ] as const
    ).map(([kind, wander]) => ({
      name: `20 windows of 200 rows, ${columns} columns, ${kind}`,
      wander,
      columns,
      windows: 20,
      rate: 0.05,
      rows: 200,
      runs,
    })),
  ),
  {
    name: '9 windows of 1000 rows, 5 columns, windows that differ',
    wander: RESTLESS,
    columns: 5,
    windows: 9,
    rate: 0.1,
    rows: 1000,
    runs: 200,
  },
  {
    name: '20 windows of 200 rows, 5 columns, windows that differ, 2,000 rows now',
    wander: RESTLESS,
    columns: 5,
    windows: 20,
    rate: 0.05,
    rows: 200,
    current: 2000,
    runs: 200,
  },
  {
    name: '20 windows of 1000 rows, 5 columns, the same in every window, 100 rows now',
    wander: STILL,
    columns: 5,
    windows: 20,
    rate: 0.05,
    rows: 1000,
    current: 100,
    runs: 200,
  },
]

export const driftLearned: Part = {
  title: 'Thresholds learned from windows of the reference',
  text: 'The reference is cut into windows and the current data is one more of the same kind. In *windows that differ* the mean of every column of numbers wanders by 0.2 standard deviations from window to window, and in a tenth of the windows up to 20% of the cells are missing: none of it is drift, being as usual.',
  cells: () => SITUATIONS.map(cell),
}
