import type { GateSection } from '../../config/gate.js'
import { blocks, type Decision, worst } from '../../domain/decision.js'
import type {
  Check,
  Override,
  PolicySource,
  VerdictBody,
  VerdictPredicate,
} from '../../domain/gate/verdict.js'
import { verdictMarkdown } from '../../domain/report/verdict/markdown.js'
import type { Annotation } from '../../ports/host.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import type { Baseline } from './baseline/baseline.js'
import { ageInDays, FIRST } from './baseline/index.js'
import { keptBaseline } from './baseline/keep.js'
import type { Candidate } from './candidate.js'
import type { Change } from './change.js'
import type { JudgedSubject } from './subject.js'

/** All that the gate found out. */
export interface Judged {
  readonly body: VerdictBody
  readonly baseline: Baseline | typeof FIRST | undefined
  readonly candidate: Candidate
  readonly subject: JudgedSubject
  readonly source: PolicySource | undefined
  readonly change: Change
  /** People who let this commit pass in spite of the verdict. */
  readonly overrides: readonly Override[]
}

const DAY_MS = 86_400_000

/** The statement of the verdict, and how people are told of it. */
export function outcomeOf(context: JobContext<GateSection>, judged: Judged): JobOutcome {
  const { settings } = context
  const { candidate, subject, overrides, change } = judged
  const body = judged.baseline === FIRST ? asFirst(judged.body) : judged.body
  const identity = identityOf(context, judged.baseline)
  const told: VerdictPredicate = {
    ...body,
    baseline: identity,
    policySource: judged.source,
    overrides: overrides.length === 0 ? undefined : overrides,
    change: { commit: change.commit ?? null, pullRequest: change.pullRequest ?? null },
  }
  const predicate = {
    ...told,
    failOn: settings['fail-on'],
    predictions: fileOf(candidate, 'predictions'),
    metricsFile: fileOf(candidate, 'metrics'),
  }
  const open = body.checks.filter(({ status }) => status === 'fail' || status === 'inconclusive')
  const overridden = overrides.length > 0 && blocks(body.decision, settings['fail-on'])
  const blocking = blocks(body.decision, settings['fail-on']) && !overridden
  const { subject: files, inputs } = subject
  const markdown = verdictMarkdown({ ...predicate, inputs }, { subject: files })
  return {
    subject: subject.subject,
    predicate,
    inputs: subject.inputs,
    decision: body.decision,
    failOn: overridden ? 'never' : settings['fail-on'],
    outputs: { metrics: overallMetrics(body.checks), table: markdown },
    reason: `${describe(body, open)}${overrideText(overridden, overrides)}${firstText(judged)}`,
    annotations: [...notes(settings, judged, identity), ...annotationsOf(open, blocking)],
    markdown,
    keep: keptBaseline(context, candidate),
  }
}

function fileOf({ file }: Candidate, kind: 'predictions' | 'metrics') {
  return file?.kind === kind ? { path: file.name, sha256: file.digest.sha256 } : null
}

/** A first baseline passes nothing in silence: what would have been compared was not. */
function asFirst(body: VerdictBody): VerdictBody {
  const decision: Decision = worst([body.decision, 'warn'])
  return { ...body, decision }
}

function identityOf(
  { now, settings }: JobContext<GateSection>,
  baseline: Judged['baseline'],
): VerdictPredicate['baseline'] {
  if (baseline === undefined || baseline === FIRST) return null
  const { source, digest } = baseline
  const maxAgeDays =
    settings['baseline-max-age'] === undefined ? undefined : settings['baseline-max-age'] / DAY_MS
  return { source, digest, ageDays: ageInDays(baseline, now()), maxAgeDays }
}

/** Warnings about what the verdict rests on: none of them changes it. */
function notes(
  settings: GateSection,
  { body, baseline, source }: Judged,
  identity: VerdictPredicate['baseline'],
): Annotation[] {
  const found: Annotation[] = []
  const warn = (title: string, message: string) => found.push({ level: 'warning', title, message })
  if (baseline === FIRST) {
    warn(
      'Gate: no baseline yet',
      `Nothing was compared: ${settings.baseline} has no baseline yet, and this run keeps the first.`,
    )
  }
  for (const { column, values, judged, minSize } of body.slices) {
    if (judged > 0 || values === 0) continue
    warn(
      'Gate: no slice judged',
      `No value of ${column} has ${minSize} examples: none of its ${values} slices was judged. Use slices.bins for numbers, or a smaller min-size.`,
    )
  }
  const { ageDays = null, maxAgeDays } = identity ?? {}
  if (ageDays !== null && maxAgeDays !== undefined && ageDays > maxAgeDays) {
    warn(
      'Gate: old baseline',
      `The baseline ${identity?.source} is ${ageDays} days old; baseline-max-age is ${maxAgeDays} days.`,
    )
  }
  if (source !== undefined && source.changes.length > 0) {
    const which =
      source.ref === 'base'
        ? 'The rules of the base branch were used.'
        : 'The changed rules were used.'
    warn(
      'Gate: policy changed',
      `This pull request changes the gate's policy (${source.changes.length} lines). ${which}`,
    )
  }
  return found
}

function annotationsOf(open: readonly Check[], blocking: boolean): Annotation[] {
  return open.map((check) => ({
    level: blocking && check.level === 'fail' ? 'error' : 'warning',
    title: `Gate: ${check.status}`,
    message: `${check.id}: ${check.reason}`,
  }))
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
  const on = `on ${examplesText(body)}`
  if (open.length === 0) {
    const all = judged === 1 ? 'The one check holds' : `All ${judged} checks hold`
    return `Gate: ${body.decision}. ${all} ${on}.`
  }
  const failed = open.filter(({ status }) => status === 'fail').length
  const parts = [
    failed > 0 ? `${failed} of ${judged} checks failed` : '',
    open.length > failed ? `${open.length - failed} of ${judged} could not be decided` : '',
  ]
  return `Gate: ${body.decision}. ${parts.filter(Boolean).join(', ')} ${on}.`
}

function examplesText({ samples, checks }: VerdictBody): string {
  const { candidate, baseline, joined } = samples
  if (candidate === 0) return checks.length === 1 ? '1 number' : `${checks.length} numbers`
  const unpaired = joined === 0 && baseline !== null
  return unpaired
    ? `${candidate} examples and ${baseline} others of the baseline`
    : `${joined} examples`
}

function overrideText(overridden: boolean, overrides: readonly Override[]): string {
  if (!overridden) return ''
  const [first] = overrides
  const others = overrides.length > 1 ? ` and ${overrides.length - 1} more` : ''
  return ` Overridden by ${first?.by}${others}: ${first?.reason}`
}

function firstText({ baseline }: Judged): string {
  return baseline === FIRST
    ? ' Nothing was compared: there is no baseline yet, and this run keeps the first.'
    : ''
}
