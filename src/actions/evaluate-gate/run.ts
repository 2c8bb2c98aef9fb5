import type { GateSection } from '../../config/gate.js'
import { policyProblems } from '../../domain/gate/check-policy.js'
import { evaluateGate as judge } from '../../domain/gate/evaluate.js'
import { comparesModels, type GatePolicy } from '../../domain/gate/policy.js'
import { createRandom } from '../../domain/stats/random.js'
import { UserError } from '../../errors.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import type { Subject } from '../../statements/statement.js'
import { FIRST, readBaseline } from './baseline/index.js'
import { outcomeOf } from './outcome.js'
import { readCandidatePoints } from './points.js'
import { policyInForce } from './policy-source.js'
import type { GatePorts } from './ports.js'
import { readPredictions } from './predictions.js'
import { findSubject } from './subject.js'

/** Judges the candidate by the rules, against the baseline on the same examples. */
export async function evaluateGate(
  asCheckedOut: JobContext<GateSection>,
  ports: GatePorts,
): Promise<JobOutcome> {
  const { context, source } = await policyInForce(asCheckedOut, ports.history)
  const { settings, workspace, log, signal } = context
  // What is wrong with the rules is said before any file is.
  const problems = policyProblems(policyOf(settings))
  if (problems.length > 0) throw new UserError(problems)
  const path = workspace.resolve(settings.predictions, 'gate.predictions')
  const { candidate, baseline } = await log.group('Reading', async () => ({
    candidate: await readPredictions(
      { path, shownAs: settings.predictions, role: 'candidate' },
      settings,
      signal,
    ),
    baseline: await readBaseline(context, ports),
  }))
  const predictions: Subject = {
    name: workspace.relative(path),
    digest: { sha256: candidate.sha256 },
  }
  const subject = await findSubject(context, predictions)
  const policy = policyOf(settings, baseline === FIRST)
  const found = baseline === FIRST ? undefined : baseline
  const verdict = judge({
    policy,
    files: {
      candidate,
      baseline: found?.predictions,
      columns: settings.columns,
      positive: settings.positive,
      minOverlap: settings['min-overlap'],
      multiLabel: settings['multi-label'],
      abstentions: settings.abstentions,
      pairing: settings.pairing,
    },
    points: { ...readCandidatePoints(context), baseline: found?.points },
    random: createRandom(settings.seed),
  })
  if (verdict.problems !== undefined) throw new UserError(verdict.problems)
  return outcomeOf(context, {
    body: verdict.value,
    baseline,
    predictions: { ...predictions, path },
    subject,
    source,
    overrides: [],
  })
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
