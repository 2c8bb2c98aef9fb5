import type { GateSection } from '../../config/gate.js'
import { policyProblems } from '../../domain/gate/check-policy.js'
import { evaluateGate as judge } from '../../domain/gate/evaluate.js'
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
import { filesOf, policyOf } from './request.js'
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
    policy: baseline === FIRST ? policyOfFirst(settings) : policyOf(settings),
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

function searchOf(settings: GateSection): ExplainOptions['search'] {
  const search = settings['slice-search']
  if (search === false) return undefined
  const { columns, depth, rate } = search
  return { columns, depth, rate, minSize: search['min-size'] }
}

/** A first baseline is compared with nothing: its floors and ceilings stay. */
function policyOfFirst(settings: GateSection): GatePolicy {
  const rules = settings.rules.filter((rule) => !comparesModels(rule))
  return { ...policyOf(settings), rules, comparesWithBaseline: false }
}
