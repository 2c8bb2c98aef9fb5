import type { Metric } from '../metrics/metric.js'
import type { Problem } from '../problem.js'
import { type GateRule, sliceColumns } from './policy.js'

type Fault = Omit<Problem, 'where'>

type Option = 'k' | 'quantile' | 'multi-class' | 'folds' | 'average'

/** Options that do not belong to the metric, or that it needs; `metric` is undefined for `metrics:` and `training:`. */
export function optionFaults(rule: GateRule, metric: Metric | undefined): (Fault | undefined)[] {
  return [
    strayOption(rule, 'k', metric?.k !== undefined),
    strayOption(rule, 'quantile', metric?.quantile !== undefined),
    strayOption(rule, 'multi-class', metric?.multiClass === true),
    strayOption(rule, 'average', metric?.averages !== undefined),
    strayOption(rule, 'folds', metric === undefined),
    wrongAverage(rule, metric),
    neededOption(rule, metric),
    badQuantile(rule),
    badK(rule),
  ]
}

function strayOption(rule: GateRule, key: Option, belongs: boolean): Fault | undefined {
  if (rule[key] === undefined || belongs) return undefined
  return {
    code: 'MW-GATE-056',
    what: `the rule for ${rule.metric} has ${key}, which means nothing there.`,
    fix: key === 'folds' ? 'Remove folds: it is for lists under metrics:<name>.' : `Remove ${key}.`,
  }
}

function wrongAverage({ average }: GateRule, metric: Metric | undefined): Fault | undefined {
  const known = metric?.averages
  if (average === undefined || known === undefined || known.includes(average)) return undefined
  return {
    code: 'MW-GATE-056',
    what: `the rule for ${metric?.name ?? ''} has average: ${average}, which is not defined for it.`,
    fix: `Use average: ${known.join(' or ')}.`,
  }
}

function neededOption(rule: GateRule, metric: Metric | undefined): Fault | undefined {
  if (metric?.k === 'required' && rule.k === undefined) {
    return {
      code: 'MW-GATE-057',
      what: `the rule for ${metric.name} does not say how many count.`,
      fix: 'Add k: 5.',
    }
  }
  if (metric?.quantile !== 'required' || rule.quantile !== undefined) return undefined
  return {
    code: 'MW-GATE-057',
    what: `the rule for ${metric.name} does not say which quantile is predicted.`,
    fix: 'Add quantile: 0.9.',
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
