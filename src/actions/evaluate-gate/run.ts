import type { GateSection } from '../../config/gate.js'
import { policyProblems } from '../../domain/gate/check-policy.js'
import { type GateRequest, evaluateGate as judge } from '../../domain/gate/evaluate.js'
import type { ExplainOptions } from '../../domain/gate/explain.js'
import { comparesModels, type GatePolicy } from '../../domain/gate/policy.js'
import { createRandom } from '../../domain/stats/random.js'
import { UserError } from '../../errors.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import { FIRST, readBaseline } from './baseline/index.js'
import { readCandidate } from './candidate.js'
import { changeOf } from './change.js'
import { outcomeOf } from './outcome.js'
import { overridesOf } from './overrides.js'
import { policyInForce } from './policy-source.js'
import type { GatePorts } from './ports.js'
import type { Predictions } from './predictions.js'
import { findSubject } from './subject.js'

/** Judges the candidate by the rules, against the baseline on the same examples. */
export async function evaluateGate(
  asCheckedOut: JobContext<GateSection>,
  ports: GatePorts,
): Promise<JobOutcome> {
  const change = await changeOf(asCheckedOut, ports.history)
  const { context, source } = await policyInForce(asCheckedOut, ports.history, change)
  const { settings, log } = context
  // What is wrong with the rules is said before any file is.
  const problems = policyProblems(policyOf(settings))
  if (problems.length > 0) throw new UserError(problems)
  const { candidate, baseline } = await log.group('Reading', async () => ({
    candidate: await readCandidate(context),
    baseline: await readBaseline(context, ports, change),
  }))
  const subject = await findSubject(context, candidate)
  const found = baseline === FIRST ? undefined : baseline
  const verdict = judge({
    policy: policyOf(settings, baseline === FIRST),
    files: candidate.predictions && filesOf(settings, candidate.predictions, found?.predictions),
    points: { ...candidate.points, baseline: found?.points },
    explain: { search: searchOf(settings), showExamples: settings['show-examples'] },
    random: createRandom(settings.seed),
  })
  if (verdict.problems !== undefined) throw new UserError(verdict.problems)
  const overrides = await overridesOf(context, change)
  return outcomeOf(context, {
    body: verdict.value,
    baseline,
    candidate,
    subject,
    source,
    overrides,
    change,
  })
}

function filesOf(
  settings: GateSection,
  candidate: Predictions,
  baseline: Predictions | undefined,
): GateRequest['files'] {
  return {
    candidate,
    baseline,
    columns: settings.columns,
    positive: settings.positive,
    minOverlap: settings['min-overlap'],
    multiLabel: settings['multi-label'],
    abstentions: settings.abstentions,
    pairing: settings.pairing,
  }
}

function searchOf(settings: GateSection): ExplainOptions['search'] {
  const search = settings['slice-search']
  if (search === false) return undefined
  const { columns, depth, rate } = search
  return { columns, depth, rate, minSize: search['min-size'] }
}

/** The rules as the domain takes them. A first baseline is compared with nothing: its floors and ceilings stay. */
function policyOf(settings: GateSection, first = false): GatePolicy {
  const rules = first ? settings.rules.filter((rule) => !comparesModels(rule)) : settings.rules
  return {
    task: settings.task,
    rules,
    confidence: settings.confidence,
    correction: settings.correction,
    seed: settings.seed,
    comparesWithBaseline: settings.baseline !== 'none' && !first,
    baselinePoints: settings.baseline.startsWith('metrics:'),
    pairing: settings.pairing,
  }
}
