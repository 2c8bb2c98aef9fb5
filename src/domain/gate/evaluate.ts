import type { Checked } from '../problem.js'
import type { RandomSource } from '../stats/random.js'
import { examplesProblems } from './check-examples.js'
import { policyProblems } from './check-policy.js'
import { decideGate } from './decide.js'
import type { GateExamples } from './examples.js'
import { type ExplainOptions, explain } from './explain.js'
import { columnNeeds } from './needs.js'
import { planProblems } from './plan.js'
import { pointsProblems } from './points/check-points.js'
import { pointOf } from './points/point-name.js'
import type { PointValues } from './points/point-values.js'
import { comparesModels, type GatePolicy, type GateRule } from './policy.js'
import { type ExamplesRequest, readExamples } from './read-examples.js'
import type { VerdictBody } from './verdict.js'

export interface GateRequest {
  readonly policy: GatePolicy
  /** May be left out where `readsExamples` says that no rule reads any. */
  readonly files?: Omit<ExamplesRequest, 'task' | 'needs' | 'baselineNeeds'> | undefined
  /** Numbers of `metrics:` and `training:` rules, and of a baseline that is a file of numbers. */
  readonly points?: PointValues | undefined
  /** What reviewers are shown beside the checks; nothing unless given. */
  readonly explain?: ExplainOptions | undefined
  /** The same seed gives the same verdict, byte for byte. */
  readonly random: RandomSource
}

/**
 * From tables of predictions to the verdict, or to everything that the user has to mend first. The one function of the gate
 * that a caller needs.
 */
export function evaluateGate(request: GateRequest): Checked<VerdictBody> {
  const { policy, files, points, random } = request
  const read = readGate(request)
  if (read.problems !== undefined) return read
  const { examples } = read.value
  const columns = files?.columns
  const body = decideGate({ policy, examples, points, random, columns })
  if (request.explain === undefined || examples === undefined || columns === undefined) {
    return { value: body }
  }
  return { value: { ...body, ...explain({ policy, examples, columns, options: request.explain }) } }
}

/** Everything before the decision: the rules are checked, the files read and joined, and the rules checked against them. */
export function readGate(
  request: Omit<GateRequest, 'random'>,
): Checked<{ readonly examples: GateExamples | undefined }> {
  const { policy, points } = request
  const early = policyProblems(policy)
  if (early.length > 0) return { problems: early }
  const late = pointsProblems(policy, points ?? { candidate: {} })
  const examples = examplesOf(request)
  if (examples?.problems !== undefined) return { problems: [...late, ...examples.problems] }
  if (examples !== undefined) late.push(...examplesProblems(policy, examples.value))
  if (late.length === 0 && examples !== undefined)
    late.push(...planProblems(policy, examples.value))
  return late.length > 0 ? { problems: late } : { value: { examples: examples?.value } }
}

/** Whether any rule is about examples: without one, no predictions need to be read. */
export function readsExamples(rules: readonly GateRule[]): boolean {
  return rules.some((rule) => pointOf(rule.metric) === undefined)
}

function examplesOf({
  policy,
  files,
}: Omit<GateRequest, 'random'>): Checked<GateExamples> | undefined {
  if (files === undefined || !readsExamples(policy.rules)) return undefined
  const rules = policy.rules.filter((rule) => pointOf(rule.metric) === undefined)
  const ofBaseline = policy.baselinePoints === true ? [] : rules.filter(comparesModels)
  return readExamples({
    ...files,
    task: policy.task,
    needs: columnNeeds(rules),
    baselineNeeds: columnNeeds(ofBaseline),
  })
}
