import { type Cell, type Part, percent, type Row } from './cell.js'
import { accuracyLaw } from './laws.js'
import { drawRows } from './population.js'
import { namedRandom } from './random-numbers.js'
import { type Answer, gates } from './rivals.js'

const BASELINE = 0.85
const RUNS = 4000

/** How much better the candidate truly is, in points of accuracy. */
export const TRUTHS = [-2, -1, 0, 1] as const

interface Shares {
  readonly pass: number
  readonly fail: number
  readonly inconclusive: number
  readonly needed: readonly number[]
}

/** What every gate says of the same evaluations. */
export function decisionsOf(
  { points, n }: { readonly points: number; readonly n: number },
  { runs, seed }: { readonly runs: number; readonly seed: number },
): ReadonlyMap<string, Shares> {
  const population = accuracyLaw({
    discordance: 0.1,
    difference: points / 100,
    accuracy: BASELINE,
  })
  const random = namedRandom(seed, `comparison, ${points}, ${n}`)
  const all = gates(100 * BASELINE)
  const answers = new Map<string, Answer[]>(all.map(({ name }) => [name, []]))
  for (let run = 0; run < runs; run++) {
    const examples = drawRows(population, n, random)
    const right = (of: 'candidate' | 'baseline') => {
      const predictions = examples[of]?.predictions
      return examples.labels.reduce(
        (sum, label, i) => sum + (predictions?.[i] === label ? 1 : 0),
        0,
      )
    }
    const evaluation = { examples, n, candidate: right('candidate'), baseline: right('baseline') }
    for (const gate of all) answers.get(gate.name)?.push(gate.decide(evaluation))
  }
  return new Map([...answers].map(([name, given]) => [name, sharesOf(given)]))
}

function sharesOf(answers: readonly Answer[]): Shares {
  const share = (decision: Answer['decision']) =>
    answers.filter((answer) => answer.decision === decision).length / answers.length
  return {
    pass: share('pass'),
    fail: share('fail'),
    inconclusive: share('inconclusive'),
    needed: answers.flatMap(({ needed }) => needed ?? []).sort((a, b) => a - b),
  }
}

/** The chance that two evaluations on other samples of the same size do not say the same. */
function flips(shares: Shares): { readonly merge: number; readonly opposite: number } {
  return { merge: 2 * shares.pass * (1 - shares.pass), opposite: 2 * shares.pass * shares.fail }
}

function stopped(shares: Shares | undefined): number {
  return shares === undefined ? 0 : shares.fail + shares.inconclusive
}

/** One number of examples: a row a gate, the truths side by side. */
function rowsOf(n: number, runs: number, seed: number): Row[] {
  const byTruth = TRUTHS.map((points) => decisionsOf({ points, n }, { runs, seed }))
  return gates(100 * BASELINE).map(({ name }) => {
    const found = byTruth.map((one) => one.get(name))
    const [two, one, equal, better] = found
    const flip = (shares: Shares | undefined, what: 'merge' | 'opposite') =>
      percent(shares === undefined ? 0 : flips(shares)[what])
    const middle = equal?.needed[Math.floor((equal.needed.length - 1) / 2)]
    return {
      n,
      gate: name,
      'lets through: 2 points worse': percent(two?.pass ?? 0),
      '1 point worse': percent(one?.pass ?? 0),
      'stops: equal': percent(stopped(equal)),
      '1 point better': percent(stopped(better)),
      'calls bad: equal': percent(equal?.fail ?? 0),
      '1 better': percent(better?.fail ?? 0),
      'flips (through or stopped): 1 worse': flip(one, 'merge'),
      'equal ': flip(equal, 'merge'),
      '1 better ': flip(better, 'merge'),
      'flips from good to bad, equal': flip(equal, 'opposite'),
      'asks for (median, equal)': middle === undefined ? '' : Math.round(middle),
    }
  })
}

function cellOf(n: number): Cell {
  return {
    name: `comparison, ${n}`,
    runs: n > 1000 ? RUNS / 2 : RUNS,
    simulate: (runs, seed) => rowsOf(n, runs, seed),
  }
}

export const comparison: Part = {
  title: 'Gates compared',
  text: 'Two models that disagree on 10% of the examples, judged by every gate on the same samples. A flip: repeated on another sample of the same size, the gate says something else.',
  cells: () => [1000, 10_000].map(cellOf),
}
