import type { GateSection } from '../../config/gate.js'
import { blocks } from '../../domain/decision.js'
import { policyProblems } from '../../domain/gate/check-policy.js'
import { evaluateGate as judge } from '../../domain/gate/evaluate.js'
import type { GatePolicy } from '../../domain/gate/policy.js'
import type { Check, VerdictBody } from '../../domain/gate/verdict.js'
import { verdictMarkdown } from '../../domain/report/verdict/markdown.js'
import { createRandom } from '../../domain/stats/random.js'
import { UserError } from '../../errors.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import type { Subject } from '../../statements/statement.js'
import { type Baseline, type OpenRegistry, readBaseline } from './baseline.js'
import { type Predictions, readPredictions } from './predictions.js'
import { findSubject, type JudgedSubject } from './subject.js'

export interface GatePorts {
  readonly openRegistry: OpenRegistry
}

/** Judges the candidate by the rules, against the baseline on the same examples. */
export async function evaluateGate(
  context: JobContext<GateSection>,
  { openRegistry }: GatePorts,
): Promise<JobOutcome> {
  const { settings, workspace, log, signal } = context
  // What is wrong with the rules is said before any file is.
  const problems = policyProblems(policyOf(settings))
  if (problems.length > 0) throw new UserError(problems)
  const path = workspace.resolve(settings.predictions, 'gate.predictions')
  const { candidate, baseline } = await log.group('Reading', async () => ({
    candidate: await readPredictions({ path, shownAs: settings.predictions }, settings, signal),
    baseline: await readBaseline(context, openRegistry),
  }))
  const predictions: Subject = {
    name: workspace.relative(path),
    digest: { sha256: candidate.sha256 },
  }
  const subject = await findSubject(context, predictions)
  const body = decide(settings, candidate, baseline)
  return outcome(settings, { body, baseline, predictions, subject })
}

function policyOf(settings: GateSection): GatePolicy {
  return {
    task: settings.task,
    rules: settings.rules,
    confidence: settings.confidence,
    correction: settings.correction,
    seed: settings.seed,
    comparesWithBaseline: settings.baseline !== 'none',
  }
}

function decide(
  settings: GateSection,
  candidate: Predictions,
  baseline: Baseline | undefined,
): VerdictBody {
  const verdict = judge({
    policy: policyOf(settings),
    files: {
      candidate,
      baseline: baseline?.predictions,
      columns: settings.columns,
      positive: settings.positive,
      minOverlap: settings['min-overlap'],
    },
    random: createRandom(settings.seed),
  })
  if (verdict.problems !== undefined) throw new UserError(verdict.problems)
  return verdict.value
}

interface Judged {
  readonly body: VerdictBody
  readonly baseline: Baseline | undefined
  readonly predictions: Subject
  readonly subject: JudgedSubject
}

function outcome(
  settings: GateSection,
  { body, baseline, predictions, subject }: Judged,
): JobOutcome {
  const identity =
    baseline === undefined
      ? null
      : { source: baseline.source, digest: baseline.digest, ageDays: baseline.ageDays }
  const predicate = {
    ...body,
    failOn: settings['fail-on'],
    predictions: { path: predictions.name, sha256: predictions.digest.sha256 },
    baseline: identity,
  }
  const markdown = verdictMarkdown({
    ...body,
    baseline: identity === null ? null : { ...identity, ageDays: identity.ageDays ?? undefined },
  })
  const open = body.checks.filter(({ status }) => status === 'fail' || status === 'inconclusive')
  const blocking = blocks(body.decision, settings['fail-on'])
  return {
    subject: subject.subject,
    predicate,
    inputs: subject.inputs,
    decision: body.decision,
    failOn: settings['fail-on'],
    outputs: { metrics: overallMetrics(body.checks), table: markdown },
    reason: describe(body, open),
    annotations: open.map((check) => ({
      level: blocking && check.level === 'fail' ? 'error' : 'warning',
      title: `Gate: ${check.status}`,
      message: `${check.id}: ${check.reason}`,
    })),
    markdown,
  }
}

function overallMetrics(checks: readonly Check[]): Readonly<Record<string, number>> {
  const metrics: Record<string, number> = {}
  for (const { metric, slice, candidate } of checks) {
    if (slice === null && candidate !== null) metrics[metric] = candidate
  }
  return metrics
}

function describe(body: VerdictBody, open: readonly Check[]): string {
  const judged = body.checks.filter(({ status }) => status !== 'skipped').length
  const on = `on ${body.samples.joined} examples`
  if (open.length === 0) return `Gate: ${body.decision}. All ${judged} checks hold ${on}.`
  const failed = open.filter(({ status }) => status === 'fail').length
  const parts = [
    failed > 0 ? `${failed} of ${judged} checks failed` : '',
    open.length > failed ? `${open.length - failed} of ${judged} could not be decided` : '',
  ]
  return `Gate: ${body.decision}. ${parts.filter(Boolean).join(', ')} ${on}.`
}
