import type { GroupColumn } from '../../metrics/data.js'
import type { RandomSource } from '../../stats/random.js'
import {
  type ExampleRows,
  type GateExamples,
  type ModelOutputs,
  pick,
  pickCodes,
} from '../examples.js'
import { countCodes } from '../resting.js'

/** Rows of a resample; a cluster that was drawn twice is two clusters. */
export interface Drawn {
  readonly rows: Int32Array
  readonly clusters: Int32Array | undefined
}

/** Rows drawn with replacement, whole clusters where there are any: about `size` of them. */
export function drawRows(examples: GateExamples, size: number, random: RandomSource): Drawn {
  if (examples.clusters !== undefined) return drawClusters(examples.clusters, size, random)
  const rows = Int32Array.from({ length: size }, () => random.below(examples.n))
  return { rows, clusters: undefined }
}

function drawClusters(clusters: Int32Array, size: number, random: RandomSource): Drawn {
  const members = Array.from({ length: countCodes(clusters) }, (): number[] => [])
  clusters.forEach((cluster, row) => {
    members[cluster]?.push(row)
  })
  const rows: number[] = []
  const codes: number[] = []
  for (let drawn = 0; rows.length < size; drawn++) {
    for (const row of members[random.below(members.length)] ?? []) {
      rows.push(row)
      codes.push(drawn)
    }
  }
  return { rows: Int32Array.from(rows), clusters: Int32Array.from(codes) }
}

/** The examples of a resample. */
export function examplesAt(examples: GateExamples, drawn: Drawn): GateExamples {
  const n = drawn.rows.length
  return {
    ...examples,
    ...attributesAt(examples, drawn),
    candidate: outputsAt(examples.candidate, drawn.rows),
    baseline: examples.baseline && outputsAt(examples.baseline, drawn.rows),
    samples: { candidate: n, baseline: examples.baseline === undefined ? null : n, joined: n },
    source: undefined,
  }
}

/** The candidate on some rows, and the baseline on others: for comparisons without pairs. */
export function unpairedAt(examples: GateExamples, drawn: Drawn, other: Drawn): GateExamples {
  return {
    ...examplesAt(examples, drawn),
    baseline: outputsAt(examples.candidate, other.rows),
    baselineRows: attributesAt(examples, other),
  }
}

function attributesAt(examples: ExampleRows, { rows, clusters }: Drawn): ExampleRows {
  return {
    n: rows.length,
    labels: pick(examples.labels, rows),
    weights: examples.weights && pick(examples.weights, rows),
    clusters,
    groups: mapValues(
      examples.groups,
      (groups): GroupColumn => ({
        codes: pickCodes(groups.codes, rows),
        names: groups.names,
      }),
    ),
    numbers: examples.numbers && mapValues(examples.numbers, (values) => pick(values, rows)),
  }
}

function outputsAt(outputs: ModelOutputs, rows: Int32Array): ModelOutputs {
  return {
    predictions: outputs.predictions && pick(outputs.predictions, rows),
    scores: outputs.scores && pick(outputs.scores, rows),
    classScores: outputs.classScores?.map((scores) => pick(scores, rows)),
    columns: mapValues(outputs.columns, (values) => pick(values, rows)),
  }
}

function mapValues<K, A, B>(map: ReadonlyMap<K, A>, change: (value: A) => B): Map<K, B> {
  return new Map([...map].map(([key, value]) => [key, change(value)]))
}

/** Both models' outputs swapped on each example with probability one half: neither is better, and pairs stay pairs. */
export function swapped(examples: GateExamples, random: RandomSource): GateExamples {
  const { candidate, baseline } = examples
  if (baseline === undefined) return examples
  const swap = Uint8Array.from({ length: examples.n }, () => random.below(2))
  const arrays = (mine: Float64Array | undefined, theirs: Float64Array | undefined) =>
    mine === undefined || theirs === undefined ? [mine, theirs] : swapArrays(mine, theirs, swap)
  const predictions = arrays(candidate.predictions, baseline.predictions)
  const scores = arrays(candidate.scores, baseline.scores)
  const classes = (candidate.classScores ?? []).map((one, at) =>
    arrays(one, baseline.classScores?.[at]),
  )
  const columns = swapMaps(candidate.columns, baseline.columns, swap)
  const model = (side: 0 | 1, own: ModelOutputs): ModelOutputs => ({
    predictions: predictions[side],
    scores: scores[side],
    classScores: own.classScores && classes.flatMap((pair) => pair[side] ?? []),
    columns: columns[side],
  })
  return { ...examples, candidate: model(0, candidate), baseline: model(1, baseline) }
}

function swapMaps(
  mine: ReadonlyMap<string, Float64Array>,
  theirs: ReadonlyMap<string, Float64Array>,
  swap: Uint8Array,
) {
  const first = new Map(mine)
  const second = new Map(theirs)
  for (const [key, values] of mine) {
    const others = theirs.get(key)
    if (others === undefined) continue
    const [a, b] = swapArrays(values, others, swap)
    first.set(key, a)
    second.set(key, b)
  }
  return [first, second] as const
}

function swapArrays(
  mine: Float64Array,
  theirs: Float64Array,
  swap: Uint8Array,
): [Float64Array, Float64Array] {
  const first = Float64Array.from(mine, (value, row) =>
    swap[row] === 1 ? (theirs[row] ?? 0) : value,
  )
  const second = Float64Array.from(theirs, (value, row) =>
    swap[row] === 1 ? (mine[row] ?? 0) : value,
  )
  return [first, second]
}

/** Labels shuffled among the examples: no model can do better than chance on them. */
export function permuted(examples: GateExamples, random: RandomSource): GateExamples {
  const labels = Float64Array.from(examples.labels)
  for (let i = labels.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const held = labels[i] ?? 0
    labels[i] = labels[j] ?? 0
    labels[j] = held
  }
  return { ...examples, labels }
}
