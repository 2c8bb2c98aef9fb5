import type { MetricData, MetricOptions } from '../../domain/metrics/data.js'
import type { UnitRows } from '../../domain/metrics/metric.js'
import type { UnitMetric } from '../../domain/metrics/unit-metrics.js'
import { outcomeScore } from '../../domain/metrics/win-rate.js'
import { UserError } from '../../errors.js'
import type { Value } from './classes.js'
import { numbers, scoreNumbers } from './metric-data.js'
import type { Input } from './metric-input.js'

/** The units' numbers, in the order in which the units first occur, as a metric of units takes them. */
export function unitData(given: Input, metric: UnitMetric, options: MetricOptions): MetricData {
  const units = rowsByUnit(unitsOf(given, metric))
  const take = rowsOf(given, metric)
  const values = Float64Array.from(
    units,
    (rows) => metric.perUnit(take(rows), options) ?? Number.NaN,
  )
  return {
    n: units.length,
    labels: new Float64Array(units.length),
    classes: [],
    values,
    weights: given.weights && unitWeights(given.weights, units),
  }
}

function unitsOf(given: Input, metric: UnitMetric): readonly Value[] {
  const key = metric.unit === 'query' ? 'queries' : 'ids'
  const units = given[key]
  if (units !== undefined) return units
  throw new UserError({
    code: 'MW-STATS-308',
    where: key,
    what: `is missing, and ${metric.name} is a mean over ${metric.unit === 'query' ? 'queries' : 'examples'}.`,
    fix: `Give the ${metric.unit} of each row.`,
  })
}

function rowsByUnit(units: readonly Value[]): number[][] {
  const rows = new Map<string, number[]>()
  units.forEach((unit, row) => {
    const list = rows.get(String(unit))
    if (list === undefined) rows.set(String(unit), [row])
    else list.push(row)
  })
  return [...rows.values()]
}

function rowsOf(given: Input, metric: UnitMetric): (rows: readonly number[]) => UnitRows {
  const { predictions } = given
  const texts = predictions !== undefined && metric.needs.includes('prediction')
  const scores = given.scores && scoreNumbers(given.scores, wordsOf(metric))
  const labels = metric.unit === 'query' ? numbers('labels', given.labels ?? []) : undefined
  return (rows) => ({
    labels: pick(labels, rows),
    scores: pick(scores, rows),
    texts: texts
      ? {
          label: rows.map((row) => String(given.labels?.[row])),
          prediction: rows.map((row) => String(predictions[row])),
        }
      : undefined,
  })
}

function wordsOf(metric: UnitMetric): ((word: string) => number | undefined) | undefined {
  return metric.name === 'win-rate' ? outcomeScore : undefined
}

function pick(values: Float64Array | undefined, rows: readonly number[]): Float64Array {
  return values === undefined
    ? new Float64Array(0)
    : Float64Array.from(rows, (row) => values[row] ?? Number.NaN)
}

/** A unit's weight is that of its rows, which must agree. */
function unitWeights(weights: readonly number[], units: readonly number[][]): Float64Array {
  return Float64Array.from(units, (rows) => {
    const [first = 0] = rows
    const other = rows.find((row) => weights[row] !== weights[first])
    if (other === undefined) return weights[first] ?? 0
    throw new UserError({
      code: 'MW-STATS-309',
      where: 'weights',
      what: `entries ${first + 1} and ${other + 1} differ, and are rows of the same query or example.`,
      fix: 'Give all its rows the same weight.',
    })
  })
}
