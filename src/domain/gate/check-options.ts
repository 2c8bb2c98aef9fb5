import type { Metric } from '../metrics/metric.js'
import type { Problem } from '../problem.js'
import { type GateRule, sliceColumns } from './policy.js'

type Fault = Omit<Problem, 'where'>

/** Which metrics an option is for; `average` and `group` are for kinds of metrics and are looked at elsewhere. */
const OWNERS: Readonly<Record<'k' | 'quantile' | 'multi-class' | 'folds', readonly string[]>> = {
  k: ['top-k-accuracy', 'ndcg', 'mrr', 'map', 'recall-at-k', 'pass-at-k'],
  quantile: ['pinball'],
  'multi-class': ['auc'],
  folds: ['metrics:<name>'],
}

/** What has no value without the option. */
const NEEDED: Readonly<Record<string, 'k' | 'quantile'>> = {
  'top-k-accuracy': 'k',
  'recall-at-k': 'k',
  'pass-at-k': 'k',
  pinball: 'quantile',
}

/** Options that do not belong to the metric, or that it needs; `metric` is undefined for `metrics:` and `training:`. */
export function optionFaults(rule: GateRule, metric: Metric | undefined): (Fault | undefined)[] {
  const name = metric?.name ?? 'metrics:<name>'
  const keys = Object.keys(OWNERS) as (keyof typeof OWNERS)[]
  const stray = keys.map((key) => {
    if (rule[key] === undefined || OWNERS[key].includes(name)) return undefined
    return {
      code: 'MW-GATE-056',
      what: `the rule for ${rule.metric} has ${key}, which is for ${OWNERS[key].join(', ')}.`,
      fix: `Remove ${key}.`,
    }
  })
  return [...stray, neededOption(rule, name), badQuantile(rule), badK(rule)]
}

function neededOption(rule: GateRule, name: string): Fault | undefined {
  const key = Object.hasOwn(NEEDED, name) ? NEEDED[name] : undefined
  if (key === undefined || rule[key] !== undefined) return undefined
  return {
    code: 'MW-GATE-057',
    what: `the rule for ${name} does not say ${key === 'k' ? 'how many of the first count' : 'which quantile is predicted'}.`,
    fix: key === 'k' ? 'Add k: 5.' : 'Add quantile: 0.9.',
  }
}

function badQuantile({ quantile }: GateRule): Fault | undefined {
  if (quantile === undefined || (quantile > 0 && quantile < 1)) return undefined
  return {
    code: 'MW-GATE-009',
    what: `quantile is ${quantile}, and lies between 0 and 1.`,
    fix: 'Write quantile: 0.9 for the 90th percentile.',
  }
}

function badK({ k }: GateRule): Fault | undefined {
  if (k === undefined || (Number.isInteger(k) && k >= 1)) return undefined
  return {
    code: 'MW-GATE-009',
    what: `k is ${k}, and counts from 1.`,
    fix: 'Write a whole number.',
  }
}

/** Bins of a column that the rule is not sliced by, or edges out of order. */
export function binsFault(rule: GateRule): Fault | undefined {
  const used = new Set(sliceColumns(rule).flat())
  for (const [column, edges] of Object.entries(rule.slices?.bins ?? {})) {
    if (!used.has(column)) {
      return {
        code: 'MW-GATE-055',
        what: `slices.bins has edges of ${JSON.stringify(column.slice(0, 60))}, which slices.by does not name.`,
        fix: 'Add the column to slices.by, or remove its edges.',
      }
    }
    if (edges.every((edge, at) => Number.isFinite(edge) && edge > (edges[at - 1] ?? -Infinity))) {
      continue
    }
    return {
      code: 'MW-GATE-055',
      what: `the edges of ${JSON.stringify(column.slice(0, 60))} in slices.bins do not rise: ${edges.join(', ').slice(0, 100)}.`,
      fix: 'Write each edge once, from the smallest to the largest.',
    }
  }
  return undefined
}
