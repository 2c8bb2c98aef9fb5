import type { GroupColumn } from '../../metrics/data.js'
import type { Task } from '../../metrics/metric.js'

/** What one model said: class codes (numbers in regression), scores of the positive class. */
export interface DiagnosedOutputs {
  readonly predictions?: Float64Array | undefined
  readonly scores?: Float64Array | undefined
}

/** What is true of a model's examples, whatever it says. */
export interface DiagnosedRows {
  readonly n: number
  readonly labels: Float64Array
  readonly groups: ReadonlyMap<string, GroupColumn>
}

/** The part of the gate's examples that the diagnostics read. */
export interface DiagnosedExamples extends DiagnosedRows {
  readonly task: Task
  readonly classes: readonly string[]
  /** The code in `classes` that stands for "no prediction". */
  readonly abstention?: number | undefined
  readonly positive: number | undefined
  readonly candidate: DiagnosedOutputs
  readonly baseline: DiagnosedOutputs | undefined
  /** The baseline's own examples, where the models judged different ones. */
  readonly baselineRows?: DiagnosedRows | undefined
  /** Present when labels are codes of sets of classes: no class is simply right then. */
  readonly labelSets?: readonly Int32Array[] | undefined
}

/** One model's predictions or scores beside the examples that it judged. */
export interface Judged {
  readonly values: Float64Array
  readonly labels: Float64Array
  readonly groups: ReadonlyMap<string, GroupColumn>
}

export interface JudgedPair {
  readonly candidate: Judged
  readonly baseline: Judged | undefined
}

/** The predictions of both models, or their scores. Undefined where the candidate has none. */
export function outputsOf(
  examples: DiagnosedExamples,
  kind: 'predictions' | 'scores',
): JudgedPair | undefined {
  const candidate = judged(examples.candidate[kind], examples)
  if (candidate === undefined) return undefined
  const rows = examples.baselineRows ?? examples
  return { candidate, baseline: judged(examples.baseline?.[kind], rows) }
}

function judged(
  values: Float64Array | undefined,
  { labels, groups }: DiagnosedRows,
): Judged | undefined {
  return values === undefined ? undefined : { values, labels, groups }
}
