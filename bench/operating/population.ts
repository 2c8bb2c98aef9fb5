import {
  type ExampleRows,
  type GateExamples,
  type ModelOutputs,
  pick,
  pickCodes,
} from '../../src/domain/gate/examples.js'
import type { RandomSource } from '../../src/domain/stats/random.js'

/**
 * A population is examples that samples are drawn from with replacement. What a metric is on the whole population is then the
 * exact truth that the intervals of samples should hold, for every metric alike.
 */
export type Population = GateExamples

/** The smallest description of a population: everything else follows. */
export interface PopulationParts {
  readonly task: 'classification' | 'regression'
  readonly labels: Float64Array
  readonly candidate: Omit<ModelOutputs, 'columns'>
  readonly baseline: Omit<ModelOutputs, 'columns'>
  readonly classes?: readonly string[]
  readonly groups?: Readonly<Record<string, { codes: Int32Array; names: readonly string[] }>>
  readonly clusters?: Int32Array
  readonly weights?: Float64Array
}

const NO_COLUMNS: ReadonlyMap<string, Float64Array> = new Map()

/** Examples as the gate reads them, from arrays. In two classes the second is the positive one. */
export function populationOf(parts: PopulationParts): Population {
  const { task, labels, candidate, baseline, clusters, weights } = parts
  const classes = task === 'regression' ? [] : (parts.classes ?? ['0', '1'])
  const n = labels.length
  return {
    task,
    n,
    labels,
    classes,
    positive: classes.length === 2 ? 1 : undefined,
    groups: new Map(Object.entries(parts.groups ?? {})),
    clusters,
    weights,
    candidate: { ...candidate, columns: NO_COLUMNS },
    baseline: { ...baseline, columns: NO_COLUMNS },
    samples: { candidate: n, baseline: n, joined: n },
  }
}

/** `n` examples drawn with replacement, both models on the same. */
export function drawRows(population: Population, n: number, random: RandomSource): GateExamples {
  return take(population, drawIndexes(population.n, n, random))
}

/** The baseline on `n` other examples than the candidate's. */
export function drawUnpaired(
  population: Population,
  n: number,
  random: RandomSource,
): GateExamples {
  const mine = take(population, drawIndexes(population.n, n, random))
  const theirs = take(population, drawIndexes(population.n, n, random))
  const { labels, groups, weights, clusters } = theirs
  const baselineRows: ExampleRows = { n, labels, groups, weights, clusters }
  return { ...mine, baseline: theirs.baseline, baselineRows }
}

/** So many whole clusters drawn with replacement; one that is drawn twice counts as two. */
export function drawClusters(
  population: Population,
  count: number,
  random: RandomSource,
): GateExamples {
  const members = membersOf(population)
  const drawn = Array.from({ length: count }, () => members[random.below(members.length)] ?? [])
  const rows = Int32Array.from(drawn.flat())
  const clusters = Int32Array.from(drawn.flatMap((one, cluster) => one.map(() => cluster)))
  return { ...take(population, rows), clusters }
}

const known = new WeakMap<Population, number[][]>()

function membersOf(population: Population): number[][] {
  const found = known.get(population)
  if (found !== undefined) return found
  const members: number[][] = []
  population.clusters?.forEach((cluster, row) => {
    const list = members[cluster]
    if (list === undefined) members[cluster] = [row]
    else list.push(row)
  })
  known.set(population, members)
  return members
}

export function drawIndexes(among: number, n: number, random: RandomSource): Int32Array {
  const rows = new Int32Array(n)
  for (let i = 0; i < n; i++) rows[i] = random.below(among)
  return rows
}

function take(population: Population, rows: Int32Array): GateExamples {
  const n = rows.length
  return {
    ...population,
    n,
    labels: pick(population.labels, rows),
    weights: population.weights && pick(population.weights, rows),
    clusters: undefined,
    groups: new Map(
      [...population.groups].map(([name, { codes, names }]) => [
        name,
        { codes: pickCodes(codes, rows), names },
      ]),
    ),
    candidate: takeOutputs(population.candidate, rows),
    baseline: population.baseline && takeOutputs(population.baseline, rows),
    samples: { candidate: n, baseline: n, joined: n },
  }
}

function takeOutputs(outputs: ModelOutputs, rows: Int32Array): ModelOutputs {
  return {
    predictions: outputs.predictions && pick(outputs.predictions, rows),
    scores: outputs.scores && pick(outputs.scores, rows),
    classScores: outputs.classScores?.map((scores) => pick(scores, rows)),
    columns: outputs.columns,
  }
}
