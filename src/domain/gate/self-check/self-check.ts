import { getMetric } from '../../metrics/index.js'
import { createRandom, type RandomSource } from '../../stats/random.js'
import { decideGate } from '../decide.js'
import type { GateExamples } from '../examples.js'
import { pointOf } from '../points/point-name.js'
import { comparatorOf, comparesModels, type GatePolicy, type GateRule } from '../policy.js'
import type { Check } from '../verdict.js'
import { type Band, binomialBand } from './binomial-band.js'
import { drawRows, examplesAt, permuted, swapped, unpairedAt } from './resample.js'

export interface SelfCheckRequest {
  readonly policy: GatePolicy
  /** The baseline, or two models that are to be taken for equal: their outputs are swapped at random. */
  readonly examples: GateExamples
  readonly seed: number
  /** How many gates are run on resamples; 200 by default. */
  readonly gates?: number | undefined
  /** How many gates are run on permuted labels; 20 by default. */
  readonly permutations?: number | undefined
  /** Resamples are no larger than this; 2000 by default. */
  readonly mostExamples?: number | undefined
}

/** How often something happened that should be rare, against how often it may. */
export interface Rate {
  readonly count: number
  readonly trials: number
  readonly rate: number
  /** What the policy promises at most. */
  readonly nominal: number
  /** Counts that the promise makes likely (99%, over all rules together). */
  readonly band: Band
  /** The count is not above the band. */
  readonly holds: boolean
}

/** A rule whose true value lies on its bound: how often it passes all the same. */
export interface FalsePasses extends Rate {
  readonly rule: string
}

/** A floor or ceiling, on labels that have nothing to do with the predictions. */
export interface PermutedFloor {
  readonly rule: string
  readonly passed: number
  readonly trials: number
  /** It passes at least half of the time: it does not ask for anything. */
  readonly toothless: boolean
}

export interface SelfCheck {
  readonly decision: 'pass' | 'fail'
  /** Examples of the data, and of each resample. */
  readonly examples: number
  readonly resampled: number
  /** Whether two different models were swapped, or one was judged against itself. */
  readonly models: 'two' | 'one'
  readonly falseAlarms: Rate
  readonly falsePasses: readonly FalsePasses[]
  readonly permuted: readonly PermutedFloor[]
  /** Rules that the data as they are break: the policy asks more than these models have. */
  readonly broken: readonly string[]
  /** What was left out, and what a reader must know. */
  readonly notes: readonly string[]
}

const GATES = 200
const PERMUTATIONS = 20
const MOST_EXAMPLES = 2000
const BAND = 0.99

/**
 * Runs the policy where nothing is the matter: two equal models on bootstrap resamples (an A/A test), the same with every
 * bound moved to where the truth is, and labels shuffled. An honest gate raises a false alarm with at most 1 - confidence, passes a
 * rule whose truth lies on its bound with at most half of that, and passes no floor on shuffled labels.
 */
export function selfCheck(request: SelfCheckRequest): SelfCheck {
  const { examples } = request
  const policy = onExamples(request.policy)
  const size = Math.min(examples.n, request.mostExamples ?? MOST_EXAMPLES)
  const random = createRandom(request.seed)
  const broken = brokenRules(policy, examples, random)
  const trials = request.gates ?? GATES
  const alarmPolicy = { ...policy, rules: policy.rules.filter((rule) => isSilent(rule, broken)) }
  const edgePolicy = { ...policy, rules: policy.rules.filter(comparesModels).map(atTheEdge) }
  let alarms = 0
  const passes = edgePolicy.rules.map(() => 0)
  for (let i = 0; i < trials; i++) {
    const drawn = drawGate(policy, examples, { size, random })
    if (verdict(alarmPolicy, drawn, random).some(isAlarm)) alarms++
    const checks = verdict(edgePolicy, drawn, random)
    edgePolicy.rules.forEach((_, index) => {
      if (checks[index]?.status === 'pass') passes[index] = (passes[index] ?? 0) + 1
    })
  }
  const alpha = 1 - policy.confidence
  const falseAlarms = rateOf(alarms, { trials, nominal: alpha, level: BAND })
  const level = 1 - (1 - BAND) / Math.max(1, passes.length)
  const falsePasses = passes.map((count, index) => ({
    rule: ruleId(edgePolicy.rules[index]),
    ...rateOf(count, { trials, nominal: alpha / 2, level }),
  }))
  const floors = permutedFloors({ ...request, policy }, { size, random })
  const held = falseAlarms.holds && falsePasses.every(({ holds }) => holds)
  const toothless = floors.length > 0 && floors.every((floor) => floor.toothless)
  return {
    decision: held && !toothless ? 'pass' : 'fail',
    examples: examples.n,
    resampled: size,
    models: models(examples),
    falseAlarms,
    falsePasses,
    permuted: floors,
    broken: broken.map(ruleId),
    notes: notesOf(request, size),
  }
}

/** Slices stay; numbers that somebody else computed cannot be resampled. */
function onExamples(policy: GatePolicy): GatePolicy {
  const rules = policy.rules.filter((rule) => pointOf(rule.metric) === undefined)
  return { ...policy, rules, baselinePoints: false, comparesWithBaseline: true }
}

interface Draw {
  readonly size: number
  readonly random: RandomSource
}

function drawGate(policy: GatePolicy, examples: GateExamples, draw: Draw): GateExamples {
  const rows = drawRows(examples, draw.size, draw.random)
  if (policy.pairing === 'none') {
    return unpairedAt(examples, rows, drawRows(examples, draw.size, draw.random))
  }
  return swapped(examplesAt(examples, rows), draw.random)
}

function verdict(
  policy: GatePolicy,
  examples: GateExamples,
  random: RandomSource,
): readonly Check[] {
  if (policy.rules.length === 0) return []
  return decideGate({ policy, examples, random: createRandom(random.below(2 ** 31)) }).checks
}

function isAlarm({ status, level }: Check): boolean {
  return status === 'fail' && level === 'fail'
}

/** Rules that equal models keep: a failure of one is a false alarm. */
function isSilent(rule: GateRule, broken: readonly GateRule[]): boolean {
  return comparatorOf(rule) !== 'better-than' && !broken.includes(rule)
}

/** Floors and ceilings that the data as they are do not keep, by their estimates. */
function brokenRules(
  policy: GatePolicy,
  examples: GateExamples,
  random: RandomSource,
): readonly GateRule[] {
  const floors = policy.rules.filter((rule) => !comparesModels(rule))
  const of = (own: GateExamples) =>
    floors.filter((rule) => {
      const { slices: _, ...whole } = rule
      const rules = [{ ...whole, evidence: 'estimate' as const }]
      return verdict({ ...policy, rules }, own, random)[0]?.status !== 'pass'
    })
  const theirs = examples.baseline && of({ ...examples, candidate: examples.baseline })
  return [...new Set([...of(examples), ...(theirs ?? [])])]
}

/**
 * The rule with its bound where two equal models are, without slices. By translation it passes as often as the rule itself does
 * where the truth lies on its bound.
 */
function atTheEdge(rule: GateRule): GateRule {
  const { metric, evidence, group, average, direction, k, quantile, method } = rule
  const same = { metric, evidence, group, average, direction, k, quantile, method }
  const options = { ...same, 'multi-class': rule['multi-class'] }
  return comparatorOf(rule) === 'better-than'
    ? { ...options, 'better-than': 'baseline', by: 0 }
    : { ...options, 'no-worse-than': 'baseline', margin: 0 }
}

function rateOf(
  count: number,
  about: { readonly trials: number; readonly nominal: number; readonly level: number },
): Rate {
  const { trials, nominal } = about
  const band = binomialBand(trials, nominal, about.level)
  return { count, trials, rate: count / trials, nominal, band, holds: count <= band.high }
}

function permutedFloors(request: SelfCheckRequest, { size, random }: Draw): PermutedFloor[] {
  const { policy, examples } = request
  const rules = policy.rules.filter(
    (rule) => !comparesModels(rule) && getMetric(rule.metric)?.unlabelled !== true,
  )
  if (rules.length === 0 || policy.task === 'ranking' || policy.task === 'generation') return []
  const trials = request.permutations ?? PERMUTATIONS
  const passed = rules.map(() => 0)
  const whole = rules.map(({ slices: _, ...rule }) => rule)
  for (let i = 0; i < trials; i++) {
    const drawn = permuted(examplesAt(examples, drawRows(examples, size, random)), random)
    const checks = verdict({ ...policy, rules: whole }, drawn, random)
    rules.forEach((_, index) => {
      if (checks[index]?.status === 'pass') passed[index] = (passed[index] ?? 0) + 1
    })
  }
  return rules.map((rule, index) => {
    const count = passed[index] ?? 0
    return { rule: ruleId(rule), passed: count, trials, toothless: 2 * count >= trials }
  })
}

function ruleId(rule: GateRule | undefined): string {
  return rule === undefined ? '' : `${rule.metric}.${comparatorOf(rule)}`
}

function models({ candidate, baseline }: GateExamples): 'one' | 'two' {
  return baseline === undefined || baseline === candidate ? 'one' : 'two'
}

function notesOf(request: SelfCheckRequest, size: number): string[] {
  const { policy, examples } = request
  const notes: string[] = []
  if (size < examples.n) notes.push(`Each resample has ${size} of the ${examples.n} examples.`)
  if (models(examples) === 'one' && policy.pairing !== 'none') {
    notes.push(
      'One model was judged against itself, so that the two never differ: give the predictions of another as well for a harder test.',
    )
  }
  const points = policy.rules.filter((rule) => pointOf(rule.metric) !== undefined)
  if (points.length > 0) {
    notes.push(`Left out, since it cannot be resampled: ${points.map(ruleId).join(', ')}.`)
  }
  if (policy.rules.some(({ slices }) => slices !== undefined)) {
    notes.push('Slices count for false alarms, and not for passes at the bound.')
  }
  if (onExamples(policy).rules.every(comparesModels)) {
    notes.push(
      'No rule is a floor or a ceiling: a gate of comparisons alone passes two equally useless models.',
    )
  }
  return notes
}
