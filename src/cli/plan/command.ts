import { resolve } from 'node:path'
import { contract } from '../../actions/evaluate-gate/contract.js'
import { readPredictions } from '../../actions/evaluate-gate/predictions.js'
import { filesOf, policyOf } from '../../actions/evaluate-gate/request.js'
import type { GateSection } from '../../config/gate.js'
import { policyProblems } from '../../domain/gate/check-policy.js'
import { readGate } from '../../domain/gate/evaluate.js'
import type { GateExamples } from '../../domain/gate/examples.js'
import { planRules } from '../../domain/gate/planning/plan-rules.js'
import type { Beliefs } from '../../domain/gate/planning/required-examples.js'
import { pointOf } from '../../domain/gate/points/point-name.js'
import type { GatePolicy } from '../../domain/gate/policy.js'
import { getMetric } from '../../domain/metrics/index.js'
import { UserError } from '../../errors.js'
import { loadSettings } from '../../runtime/settings.js'
import type { Surroundings } from '../surroundings.js'
import { planTable } from './table.js'

export interface PlanOptions {
  readonly config?: string
  readonly workingDirectory?: string
  readonly task?: string
  readonly metric?: string
  readonly atLeast?: number
  readonly atMost?: number
  readonly noWorseThan?: string
  readonly betterThan?: string
  readonly equivalentTo?: string
  readonly margin?: number
  readonly relativeMargin?: number
  readonly by?: number
  readonly relativeBy?: number
  /** Files of predictions. */
  readonly baseline?: string
  readonly candidate?: string
  readonly power: number
  readonly difference: number
  readonly value?: number
  readonly discordance?: number
  readonly sd?: number
  readonly positiveShare?: number
  readonly correlation?: number
  readonly confidence?: number
  readonly json?: boolean
}

/** `modelway plan`: 0, or 2 when the rules or the files are wrong. */
export async function runPlan(options: PlanOptions, surroundings: Surroundings): Promise<number> {
  try {
    await plan(options, surroundings)
    return 0
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    surroundings.stderr.write(`${error.message}\n`)
    return 2
  }
}

async function plan(options: PlanOptions, { cwd, stdout }: Surroundings): Promise<void> {
  const { settings } = loadSettings(contract, (name) => inputOf(options, name), cwd)
  const beliefs = beliefsOf(options, settings)
  const policy = plannedPolicy(settings)
  const problems = policyProblems(policy)
  if (problems.length > 0) throw new UserError(problems)
  const folder = resolve(cwd, options.workingDirectory ?? '.')
  const examples = await readModels(options, { settings, policy, folder })
  const rules = planRules({ rules: settings.rules, beliefs, examples, seed: settings.seed })
  if (options.json === true) {
    const answer = { schema_version: 1, confidence: settings.confidence, ...beliefs, rules }
    stdout.write(`${JSON.stringify(answer)}\n`)
  } else stdout.write(planTable(rules, beliefs))
}

/** The options as inputs of evaluate-gate: one rule on the command line takes the place of the configured ones. */
function inputOf(options: PlanOptions, name: string): string | undefined {
  switch (name) {
    case 'config':
      return options.config
    case 'working-directory':
      return options.workingDirectory
    case 'confidence':
      return options.confidence === undefined ? undefined : String(options.confidence)
    case 'task':
      return options.task ?? (options.metric && getMetric(options.metric)?.tasks[0])
    case 'rules':
      return options.metric === undefined ? undefined : JSON.stringify([ruleOf(options)])
    default:
      return undefined
  }
}

function ruleOf(options: PlanOptions): Readonly<Record<string, unknown>> {
  const rule = {
    metric: options.metric,
    'at-least': options.atLeast,
    'at-most': options.atMost,
    'no-worse-than': options.noWorseThan,
    'better-than': options.betterThan,
    'equivalent-to': options.equivalentTo,
    margin: options.margin,
    'relative-margin': options.relativeMargin,
    by: options.by,
    'relative-by': options.relativeBy,
  }
  const compared = ['at-least', 'at-most', 'no-worse-than', 'better-than', 'equivalent-to'] as const
  if (compared.some((key) => rule[key] !== undefined)) return rule
  const asksForMore = rule.by !== undefined || rule['relative-by'] !== undefined
  return { ...rule, [asksForMore ? 'better-than' : 'no-worse-than']: 'baseline' }
}

function beliefsOf(options: PlanOptions, settings: GateSection): Beliefs {
  const { power, difference, value, discordance, sd, positiveShare, correlation } = options
  const share = (name: string, given: number | undefined, from = 0) => {
    if (given === undefined || (given > from && given < 1)) return
    throw new UserError({
      code: 'MW-GATE-061',
      where: `--${name}`,
      what: `is ${given}, and lies between ${from} and 1.`,
      fix: `Write --${name} 0.8, for example.`,
    })
  }
  share('power', power)
  share('discordance', discordance)
  share('positive-share', positiveShare)
  share('correlation', correlation, -1)
  return {
    level: settings.confidence,
    power,
    difference,
    value,
    discordance,
    sd,
    positiveShare,
    correlation,
  }
}

const PAIRED = { pairing: 'id' } as const

/** Every comparison is planned by examples, whether or not the configuration names a baseline. */
function plannedPolicy(settings: GateSection): GatePolicy {
  return { ...policyOf(settings), ...PAIRED, comparesWithBaseline: true, baselinePoints: false }
}

interface Setting {
  readonly settings: GateSection
  readonly policy: GatePolicy
  readonly folder: string
}

/** The model at hand and, where it is given, another one on the same examples. */
async function readModels(
  options: PlanOptions,
  { settings, policy, folder }: Setting,
): Promise<GateExamples | undefined> {
  const [first, second] = [options.baseline, options.candidate].filter((path) => path !== undefined)
  if (first === undefined) return undefined
  const read = (path: string) =>
    readPredictions(
      { path: resolve(folder, path.replace(/^file:/, '')), shownAs: path },
      settings,
      new AbortController().signal,
    )
  const candidate = await read(first)
  const baseline = second === undefined ? undefined : await read(second)
  const examples = readGate({
    policy: { ...policy, rules: policy.rules.filter((rule) => pointOf(rule.metric) === undefined) },
    files: { ...filesOf(settings, candidate, baseline), ...PAIRED },
  })
  if (examples.problems !== undefined) throw new UserError(examples.problems)
  return examples.value.examples
}
