import { existsSync } from 'node:fs'
import { gatePorts } from '../../actions/evaluate-gate/action.js'
import { FIRST, readBaseline } from '../../actions/evaluate-gate/baseline/index.js'
import { changeOf } from '../../actions/evaluate-gate/change.js'
import { contract } from '../../actions/evaluate-gate/contract.js'
import { readPredictions } from '../../actions/evaluate-gate/predictions.js'
import { filesOf, policyOf } from '../../actions/evaluate-gate/request.js'
import type { GateSection } from '../../config/gate.js'
import { readGate } from '../../domain/gate/evaluate.js'
import type { GateExamples } from '../../domain/gate/examples.js'
import { pointOf } from '../../domain/gate/points/point-name.js'
import type { GatePolicy } from '../../domain/gate/policy.js'
import { selfCheck } from '../../domain/gate/self-check/self-check.js'
import type { Source } from '../../domain/gate/source.js'
import { UserError } from '../../errors.js'
import type { JobContext, JobReport } from '../../runtime/job.js'
import type { Action } from '../../runtime/run-action.js'
import { decisiveLine, reportLines } from './report-text.js'

export interface SelfCheckOptions {
  /** How many gates are run; 200 unless given. */
  readonly gates: number | undefined
}

/** evaluate-gate in a world where nothing is the matter: it writes no statement, and passes when the policy keeps its promises. */
export function selfCheckAction(options: SelfCheckOptions): Action<typeof contract.settings> {
  return { contract, job: (context) => checkItself(context, options) }
}

async function checkItself(
  context: JobContext<GateSection>,
  { gates }: SelfCheckOptions,
): Promise<JobReport> {
  const { settings, log } = context
  const policy = policyOfExamples(settings)
  const models = await log.group('Reading', () => readModels(context))
  const examples = readExamples(settings, policy, models)
  const found = selfCheck({ policy, examples, seed: settings.seed, gates })
  for (const line of reportLines(found)) log.info(line)
  return {
    outputs: { decision: found.decision, 'self-check': { ...found } },
    decision: found.decision,
    failOn: 'fail',
    reason: `Self-check: ${found.decision}. ${decisiveLine(found)}`,
    markdown: '',
    commentOn: 'none',
  }
}

function policyOfExamples(settings: GateSection): GatePolicy {
  const rules = settings.rules.filter((rule) => pointOf(rule.metric) === undefined)
  if (rules.length === 0) {
    throw new UserError({
      code: 'MW-GATE-060',
      where: 'gate.rules',
      what: 'no rule is about examples, so there is nothing that a self-check could resample.',
      fix: 'Judge at least one metric that is computed from predictions.',
    })
  }
  return { ...policyOf(settings), rules, comparesWithBaseline: true, baselinePoints: false }
}

interface Models {
  readonly first: Source
  readonly second: Source | undefined
}

/** The baseline and the candidate, to be taken for equal; where there is only one, that one. */
async function readModels(context: JobContext<GateSection>): Promise<Models> {
  const { settings, workspace, signal } = context
  const path = workspace.resolve(settings.predictions, 'gate.predictions')
  const shownAs = settings.predictions
  const ports = gatePorts(context)
  const read = await readBaseline(context, ports, await changeOf(context, ports.history))
  const baseline = read === undefined || read === FIRST ? undefined : read.predictions
  if (baseline === undefined || existsSync(path)) {
    const candidate = await readPredictions({ path, shownAs }, settings, signal)
    return { first: baseline ?? candidate, second: baseline && candidate }
  }
  return { first: baseline, second: undefined }
}

function readExamples(
  settings: GateSection,
  policy: GatePolicy,
  { first, second }: Models,
): GateExamples {
  const paired = settings.pairing === 'id'
  const read = readGate({
    policy: { ...policy, pairing: 'id' },
    files: { ...filesOf(settings, first, paired ? second : undefined), pairing: 'id' },
  })
  if (read.problems !== undefined) throw new UserError(read.problems)
  const { examples } = read.value
  if (examples === undefined)
    throw new Error('a policy with rules about examples was read without any')
  return examples.baseline === undefined ? { ...examples, baseline: examples.candidate } : examples
}
