import { type FoldsQuestion, foldEvidence } from '../../src/domain/gate/points/fold-evidence.js'
import type { RandomSource } from '../../src/domain/stats/random.js'
import { normalCdf } from '../../src/domain/stats/special/normal.js'
import { type Cell, percent, verdictOn } from './cell.js'
import { namedRandom, normal } from './random-numbers.js'

/**
 * Cross-validation of two learners whose expected accuracies are known: nearest class means on 3 features, and on 12 of which
 * the further ones help little. The truth is their mean accuracy over training sets of the folds' size.
 */
const MEANS = [0.5, 0.4, 0.3, ...new Array<number>(9).fill(0.12)]
const FEATURES: readonly number[] = [3, MEANS.length]

interface Examples {
  readonly labels: readonly number[]
  readonly features: readonly (readonly number[])[]
}

function drawExamples(n: number, random: RandomSource): Examples {
  const labels = Array.from({ length: n }, () => (random.next() < 0.5 ? 1 : -1))
  const features = labels.map((label) => MEANS.map((mean) => label * mean + normal(random)))
  return { labels, features }
}

interface Line {
  readonly weights: readonly number[]
  readonly threshold: number
}

function learn({ labels, features }: Examples, rows: readonly number[], count: number): Line {
  const sums = [1, -1].map((side) => {
    const mine = rows.filter((row) => labels[row] === side)
    const total = new Array<number>(count).fill(0)
    for (const row of mine) {
      for (let f = 0; f < count; f++) total[f] = (total[f] ?? 0) + (features[row]?.[f] ?? 0)
    }
    return total.map((sum) => sum / Math.max(1, mine.length))
  })
  const [positive = [], negative = []] = sums
  const weights = positive.map((mean, f) => mean - (negative[f] ?? 0))
  const threshold = weights.reduce(
    (sum, weight, f) => sum + (weight * ((positive[f] ?? 0) + (negative[f] ?? 0))) / 2,
    0,
  )
  return { weights, threshold }
}

function scoreOf({ weights, threshold }: Line, x: readonly number[]): number {
  return weights.reduce((sum, weight, f) => sum + weight * (x[f] ?? 0), -threshold)
}

/** A line's accuracy on all that there is. */
function exactAccuracy(line: Line): number {
  const length = Math.hypot(...line.weights)
  const at = (side: number) =>
    side *
    scoreOf(
      line,
      MEANS.map((mean) => side * mean),
    )
  return (normalCdf(at(1) / length) + normalCdf(at(-1) / length)) / 2
}

function accuracyOn(line: Line, { labels, features }: Examples, rows: readonly number[]): number {
  const right = rows.filter((row) => scoreOf(line, features[row] ?? []) * (labels[row] ?? 0) > 0)
  return right.length / rows.length
}

/** Mean accuracies over training sets of that size: candidate with all features, baseline with few. */
function expectedAccuracies(trained: number, random: RandomSource): readonly number[] {
  const times = 4000
  const sums = FEATURES.map(() => 0)
  const rows = Array.from({ length: trained }, (_, row) => row)
  for (let time = 0; time < times; time++) {
    const examples = drawExamples(trained, random)
    FEATURES.forEach((count, model) => {
      sums[model] = (sums[model] ?? 0) + exactAccuracy(learn(examples, rows, count))
    })
  }
  return sums.map((sum) => sum / times)
}

/** Each fold's accuracy of both models; the examples are in random order already. */
function foldsOf(examples: Examples, folds: number): readonly (readonly number[])[] {
  const rows = examples.labels.map((_, row) => row)
  return Array.from({ length: folds }, (_, fold) => {
    const test = rows.filter((row) => row % folds === fold)
    const training = rows.filter((row) => row % folds !== fold)
    return FEATURES.map((count) => accuracyOn(learn(examples, training, count), examples, test))
  })
}

function shuffled(examples: Examples, random: RandomSource): Examples {
  const order = examples.labels.map((_, row) => row)
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = kept
  }
  return {
    labels: order.map((row) => examples.labels[row] ?? 0),
    features: order.map((row) => examples.features[row] ?? []),
  }
}

interface Scheme {
  readonly name: string
  readonly folds: FoldsQuestion['folds']
  readonly trained: (n: number) => number
  readonly values: (examples: Examples, random: RandomSource) => readonly (readonly number[])[]
}

const byFolds = (folds: number): Scheme => ({
  name: `${folds} folds`,
  folds: { 'test-share': 1 / folds },
  trained: (n) => n - n / folds,
  values: (examples) => foldsOf(examples, folds),
})

const SCHEMES: readonly Scheme[] = [
  byFolds(5),
  byFolds(10),
  {
    name: '10 x 10 folds',
    folds: { 'test-share': 0.1 },
    trained: (n) => n - n / 10,
    values: (examples, random) =>
      Array.from({ length: 10 }, () => foldsOf(shuffled(examples, random), 10)).flat(),
  },
  {
    name: '5 x 2 folds',
    folds: { scheme: 'five-by-two' },
    trained: (n) => n / 2,
    values: (examples, random) =>
      Array.from({ length: 5 }, () => foldsOf(shuffled(examples, random), 2)).flat(),
  },
]

/** Cells on folds, in the columns of the other tables of coverage. */
export function foldCells(): Cell[] {
  return SCHEMES.map((scheme) => {
    const n = 200
    return {
      name: `folds, ${scheme.name}`,
      runs: scheme.name === '10 x 10 folds' ? 300 : 1500,
      simulate: (runs, seed) => [simulate(scheme, n, { runs, seed })],
    }
  })
}

function simulate(scheme: Scheme, n: number, { runs, seed }: { runs: number; seed: number }) {
  const random = namedRandom(seed, `folds, ${scheme.name}`)
  const [baseline = 0, candidate = 0] = expectedAccuracies(scheme.trained(n), random)
  const truth = candidate - baseline
  let below = 0
  let above = 0
  let width = 0
  let method = ''
  for (let run = 0; run < runs; run++) {
    const values = scheme.values(drawExamples(n, random), random)
    const { evidence } = foldEvidence({
      of: 'difference',
      candidate: values.map((pair) => pair[1] ?? 0),
      baseline: values.map((pair) => pair[0] ?? 0),
      folds: scheme.folds,
      level: 0.95,
    })
    if (evidence === undefined) continue
    const { low, high } = evidence.interval
    method = evidence.interval.method
    if (high < truth) below++
    if (low > truth) above++
    width += high - low
  }
  const held = runs - below - above
  return {
    metric: 'accuracy by folds',
    of: 'difference',
    law: scheme.name,
    n,
    method,
    runs,
    coverage: percent(held / runs),
    verdict: verdictOn(held, runs),
    'missed below': percent(below / runs),
    'missed above': percent(above / runs),
    width: (width / runs).toPrecision(3),
  }
}
