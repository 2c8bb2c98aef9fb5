import { type Population, populationOf } from './population.js'
import { heavy, logistic, namedRandom, normal } from './random-numbers.js'

/** Populations by law. Each is a function of its parameters alone. */
const SIZE = 20_000

const made = new Map<string, Population>()

/** Populations are kept: many situations share one. */
function kept(name: string, law: object, make: () => Population): Population {
  const key = `${name} ${JSON.stringify(law)}`
  const known = made.get(key) ?? make()
  made.set(key, known)
  return known
}

export interface AccuracyLaw {
  /** Share of the examples that one model has right and the other wrong. */
  readonly discordance: number
  /** Accuracy of the candidate minus that of the baseline. */
  readonly difference: number
  /** The baseline's accuracy; 0.85 unless given. */
  readonly accuracy?: number
}

/** Two models of a known accuracy and discordance, exactly. */
export function accuracyLaw(law: AccuracyLaw): Population {
  return kept('accuracy', law, () => makeAccuracy(law))
}

function makeAccuracy({ discordance, difference, accuracy = 0.85 }: AccuracyLaw): Population {
  const count = (share: number) => Math.round(share * SIZE)
  const candidateOnly = count((discordance + difference) / 2)
  const baselineOnly = count((discordance - difference) / 2)
  const both = count(accuracy) - baselineOnly
  const labels = new Float64Array(SIZE)
  const candidate = new Float64Array(SIZE)
  const baseline = new Float64Array(SIZE)
  for (let row = 0; row < SIZE; row++) {
    const label = row % 2
    const mineRight = row < both + candidateOnly
    const theirsRight = row < both || (!mineRight && row < both + candidateOnly + baselineOnly)
    labels[row] = label
    candidate[row] = mineRight ? label : 1 - label
    baseline[row] = theirsRight ? label : 1 - label
  }
  return populationOf({
    task: 'classification',
    labels,
    candidate: { predictions: candidate },
    baseline: { predictions: baseline },
  })
}

export interface ScoreLaw {
  readonly prevalence: number
  /** How far the baseline's scores of the classes lie apart, in standard deviations or so. */
  readonly gain?: number
  /** By how much more the candidate's do. */
  readonly better?: number
  /** Standard deviation of what only one model sees: how much they disagree. */
  readonly own?: number
  /** Where the scores lie; the log odds of the prevalence unless given. */
  readonly offset?: number
  /** Scores rounded to so many steps: ties. */
  readonly steps?: number
  /** Shares of groups; the candidate's scores of the first lie `gap` higher. */
  readonly groups?: readonly number[]
  readonly gap?: number
  readonly weighted?: boolean
}

/** Two models that score two classes. */
export function scoreLaw(law: ScoreLaw): Population {
  return kept('scores', law, () => makeScores(law))
}

function makeScores(law: ScoreLaw): Population {
  const { prevalence, gain = 2, better = -0.15, own = 0.4, steps } = law
  const random = namedRandom(1, JSON.stringify(law))
  const labels = new Float64Array(SIZE)
  const candidate = new Float64Array(SIZE)
  const baseline = new Float64Array(SIZE)
  const codes = new Int32Array(SIZE)
  const weights = new Float64Array(SIZE)
  const offset = law.offset ?? Math.log(prevalence / (1 - prevalence))
  const rounded = (score: number) =>
    steps === undefined ? score : (Math.floor(score * steps) + 0.5) / steps
  for (let row = 0; row < SIZE; row++) {
    const label = random.next() < prevalence ? 1 : 0
    const group = groupOf(law.groups ?? [1], random.next())
    const shared = offset + 0.8 * normal(random) + (group === 0 ? (law.gap ?? 0) : 0)
    const mine = shared + (gain + better) * (label - 0.5) + own * normal(random)
    const theirs = shared + gain * (label - 0.5) + own * normal(random)
    labels[row] = label
    codes[row] = group
    candidate[row] = rounded(logistic(mine))
    baseline[row] = rounded(logistic(theirs))
    weights[row] = 0.5 + 2 * random.next() ** 2
  }
  const names = (law.groups ?? [1]).map((_, group) => `group ${group}`)
  return populationOf({
    task: 'classification',
    labels,
    candidate: { scores: candidate, predictions: classesOf(candidate) },
    baseline: { scores: baseline, predictions: classesOf(baseline) },
    groups: { group: { codes, names } },
    ...(law.weighted === true ? { weights } : {}),
  })
}

function groupOf(shares: readonly number[], u: number): number {
  let below = 0
  for (const [group, share] of shares.entries()) {
    below += share
    if (u < below) return group
  }
  return shares.length - 1
}

function classesOf(scores: Float64Array): Float64Array {
  return scores.map((score) => (score > 0.5 ? 1 : 0))
}

/** Three classes with a score for each. */
export function classLaw(): Population {
  return kept('classes', {}, makeClasses)
}

function makeClasses(): Population {
  const random = namedRandom(1, 'classes')
  const labels = new Float64Array(SIZE)
  const scores = () => [0, 1, 2].map(() => new Float64Array(SIZE))
  const candidate = scores()
  const baseline = scores()
  for (let row = 0; row < SIZE; row++) {
    const u = random.next()
    const label = u < 0.5 ? 0 : u < 0.8 ? 1 : 2
    labels[row] = label
    const shared = [0, 1, 2].map(() => normal(random))
    for (const [gain, into] of [
      [1.3, candidate],
      [1.4, baseline],
    ] as const) {
      const raw = shared.map((x, c) =>
        Math.exp(0.8 * x + 0.5 * normal(random) + (c === label ? gain : 0)),
      )
      const total = raw.reduce((sum, x) => sum + x, 0)
      raw.forEach((x, c) => {
        const column = into[c]
        if (column !== undefined) column[row] = x / total
      })
    }
  }
  const outputs = (classScores: readonly Float64Array[]) => ({
    classScores,
    predictions: Float64Array.from(labels, (_, row) => {
      const [a = 0, b = 0, c = 0] = classScores.map((column) => column[row] ?? 0)
      return a >= b && a >= c ? 0 : b >= c ? 1 : 2
    }),
  })
  return populationOf({
    task: 'classification',
    classes: ['a', 'b', 'c'],
    labels,
    candidate: outputs(candidate),
    baseline: outputs(baseline),
  })
}

export interface RegressionLaw {
  readonly tails: 'normal' | 'heavy'
}

/** Two models of a number. */
export function regressionLaw(law: RegressionLaw): Population {
  return kept('regression', law, () => makeRegression(law))
}

function makeRegression(law: RegressionLaw): Population {
  const random = namedRandom(1, JSON.stringify(law))
  const error = law.tails === 'heavy' ? heavy : normal
  const labels = new Float64Array(SIZE)
  const candidate = new Float64Array(SIZE)
  const baseline = new Float64Array(SIZE)
  for (let row = 0; row < SIZE; row++) {
    const label = 50 + 8 * normal(random)
    const shared = 2 * error(random)
    labels[row] = label
    candidate[row] = label + shared + 1.3 * error(random)
    baseline[row] = label + shared + error(random)
  }
  return populationOf({
    task: 'regression',
    labels,
    candidate: { predictions: candidate },
    baseline: { predictions: baseline },
  })
}

/** Examples in clusters of 5 to 15 that share most of what makes them hard. */
export function clusterLaw(): Population {
  return kept('clusters', {}, makeClusters)
}

function makeClusters(): Population {
  const random = namedRandom(1, 'clusters')
  const labels: number[] = []
  const mine: number[] = []
  const theirs: number[] = []
  const clusters: number[] = []
  for (let cluster = 0; cluster < 2000; cluster++) {
    const size = 5 + random.below(11)
    const shared = 0.8 * normal(random)
    const own = 0.4 * normal(random)
    for (let i = 0; i < size; i++) {
      const label = random.next() < 0.4 ? 1 : 0
      const side = label === 1 ? 1 : -1
      labels.push(label)
      clusters.push(cluster)
      mine.push(logistic(side * (0.9 + shared + own) + 0.9 * normal(random)))
      theirs.push(logistic(side * (1 + shared) + 0.9 * normal(random)))
    }
  }
  const outputs = (scores: number[]) => {
    const column = Float64Array.from(scores)
    return { scores: column, predictions: classesOf(column) }
  }
  return populationOf({
    task: 'classification',
    labels: Float64Array.from(labels),
    clusters: Int32Array.from(clusters),
    candidate: outputs(mine),
    baseline: outputs(theirs),
  })
}

/**
 * Two groups: in the first the candidate is worse by exactly `worse`, in the second better or worse by `other`; half of the
 * examples in each.
 */
export function sliceLaw(law: { readonly worse: number; readonly other: number }): Population {
  const one = accuracyLaw({ discordance: 0.1, difference: -law.worse })
  const two = accuracyLaw({ discordance: 0.1, difference: law.other })
  const join = (a: Float64Array | undefined, b: Float64Array | undefined) =>
    Float64Array.from([...(a ?? []), ...(b ?? [])])
  return populationOf({
    task: 'classification',
    labels: join(one.labels, two.labels),
    candidate: { predictions: join(one.candidate.predictions, two.candidate.predictions) },
    baseline: { predictions: join(one.baseline?.predictions, two.baseline?.predictions) },
    groups: {
      group: {
        codes: Int32Array.from({ length: 2 * SIZE }, (_, row) => (row < SIZE ? 0 : 1)),
        names: ['A', 'B'],
      },
    },
  })
}
