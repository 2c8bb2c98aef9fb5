export interface Margins {
  /** The totals of the categories, all over 0. */
  readonly columns: Float64Array
  /** The size of the smaller sample. */
  readonly draws: number
  readonly size: number
}

/** Looked up once: where globals are slow to reach, as in a test's own context, they are most of the cost. */
const { exp, log: naturalLog, max, min } = Math

/** So many tables take a few milliseconds. */
const MOST_TABLES = 200_000
/** Statistics this close are equal. */
const SAME = 1 - 1e-9

/**
 * The law of Pearson's statistic over all 2×k tables with the same margins (Freeman & Halton 1951, Biometrika 38:141-149, with the
 * statistic as the order): a function from a statistic to the chance of one at least as large. Undefined where there are
 * more than 200,000 tables.
 */
export function exactTableLaw(margins: Margins): ((statistic: number) => number) | undefined {
  if (!hasFewTables(margins)) return undefined
  const cells = cellsOf(margins)
  const start = { cell: 0, left: margins.draws, sum: 0, log: -logTables(margins) }
  return (statistic) => {
    const sums: Sums = { reached: 0, all: 0 }
    walk({ cells, sums, target: statistic * SAME }, start)
    return min(1, sums.reached / sums.all)
  }
}

/** log of how many samples there are, so that the weights of tables are their probabilities but for rounding. */
function logTables({ draws, size }: Margins): number {
  let log = 0
  for (let i = 1; i <= draws; i++) log += naturalLog((size - i + 1) / i)
  return log
}

/** Counts the ways to spread the draws over the columns, and gives up above the limit. */
function hasFewTables({ columns, draws }: Margins): boolean {
  if (draws * columns.length > 4 * MOST_TABLES) return false
  let ways = new Float64Array(draws + 1)
  ways[0] = 1
  for (const count of columns) {
    const next = new Float64Array(draws + 1)
    let window = 0
    let most = 0
    for (let used = 0; used <= draws; used++) {
      window += ways[used] ?? 0
      if (used > count) window -= ways[used - count - 1] ?? 0
      next[used] = window
      if (window > most) most = window
    }
    ways = next
    // Far above the limit the differences of the window would no longer be exact.
    if (most > 1e12) return false
  }
  return (ways[draws] ?? 0) <= MOST_TABLES
}

interface Cell {
  /** What each count in the smaller sample adds to the statistic. */
  readonly terms: Float64Array
  /** log of how many ways there are to choose it. */
  readonly logs: Float64Array
  /** How many draws all later columns can take. */
  readonly capacityAfter: number
}

function cellsOf({ columns, draws, size }: Margins): Cell[] {
  const share = draws / size
  // The largest column comes last: its count is what the others leave.
  const ordered = Float64Array.from(columns).sort()
  let capacityAfter = 0
  const cells: Cell[] = []
  for (const count of ordered.reverse()) {
    const most = min(count, draws)
    const terms = new Float64Array(most + 1)
    const logs = new Float64Array(most + 1)
    for (let taken = 0; taken <= most; taken++) {
      const gap = taken - count * share
      terms[taken] = (gap * gap) / (count * share * (1 - share))
      if (taken > 0) logs[taken] = (logs[taken - 1] ?? 0) + naturalLog((count - taken + 1) / taken)
    }
    cells.unshift({ terms, logs, capacityAfter })
    capacityAfter += count
  }
  return cells
}

interface Sums {
  reached: number
  all: number
}

interface Walk {
  readonly cells: readonly Cell[]
  readonly sums: Sums
  readonly target: number
}

interface Place {
  readonly cell: number
  readonly left: number
  readonly sum: number
  readonly log: number
}

/** Depth first over the tables, with the statistic and the log weight so far. */
function walk(job: Walk, { cell, left, sum, log }: Place): void {
  const here = job.cells[cell]
  if (here === undefined) return
  const most = min(left, here.terms.length - 1)
  for (let taken = max(0, left - here.capacityAfter); taken <= most; taken++) {
    const next = sum + (here.terms[taken] ?? 0)
    const weight = log + (here.logs[taken] ?? 0)
    if (cell === job.cells.length - 1) finish(job, next, weight)
    else walk(job, { cell: cell + 1, left: left - taken, sum: next, log: weight })
  }
}

function finish({ sums, target }: Walk, statistic: number, log: number): void {
  const weight = exp(log)
  sums.all += weight
  if (statistic >= target) sums.reached += weight
}
