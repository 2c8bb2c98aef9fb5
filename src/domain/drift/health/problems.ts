import { closestName } from '../../closest-name.js'
import type { Problem } from '../../problem.js'
import { findColumn, type Table } from '../../table/column.js'
import { labelOf } from '../label.js'
import type { HealthPolicy } from './policy.js'

const MOST_LISTED = 20

/**
 * What is wrong with the configuration itself: a column that neither sample has (one that the current data lost is a
 * finding and no problem), times that never were some, and limits that nothing meets. `reference` has the types by column.
 */
export function healthProblems(
  policy: HealthPolicy,
  samples: readonly Table[],
  reference: ReadonlyMap<string, string> = new Map(),
): Problem[] {
  return [
    ...unknownColumns(policy, samples, reference),
    ...timeProblems(policy, samples, reference),
    ...limitProblems(policy),
  ]
}

function unknownColumns(
  { duplicates, freshness, ranges }: HealthPolicy,
  samples: readonly Table[],
  reference: ReadonlyMap<string, string>,
): Problem[] {
  const named = [
    ...(duplicates?.key ?? []).map((name) => ({ name, key: 'duplicates.key' })),
    ...(freshness === undefined ? [] : [{ name: freshness.column, key: 'freshness.column' }]),
    ...Object.keys(ranges?.columns ?? {}).map((name) => ({ name, key: 'ranges.columns' })),
  ]
  const known = [
    ...new Set([
      ...samples.flatMap(({ columns }) => columns.map(({ name }) => name)),
      ...reference.keys(),
    ]),
  ]
  return named
    .filter(({ name }) => !known.includes(name))
    .map(({ name, key }) => ({
      code: 'MW-DRIFT-401',
      where: `drift.health.${key}`,
      what: `column ${JSON.stringify(labelOf(name))} is in neither the reference nor the current data.`,
      fix: `Name a column that the data has. ${suggestion(name, known)}`,
    }))
}

function suggestion(name: string, known: readonly string[]): string {
  const near = closestName(name, known, (_, candidate) => Math.max(1, Math.ceil(candidate / 3)))
  if (near !== undefined) return `Did you mean ${JSON.stringify(labelOf(near))}?`
  const listed = known.slice(0, MOST_LISTED).map((one) => JSON.stringify(labelOf(one)))
  return `Found: ${listed.join(', ')}.`
}

/** A column of text in the current data alone is a finding: it may have held times before. */
function timeProblems(
  { freshness }: HealthPolicy,
  samples: readonly Table[],
  reference: ReadonlyMap<string, string>,
): Problem[] {
  if (freshness === undefined || reference.get(freshness.column) === 'timestamp') return []
  const columns = samples
    .map((sample) => findColumn(sample, freshness.column))
    .filter((column) => column !== undefined)
  const [first] = columns
  if (first === undefined || columns.some(isTime)) return []
  return [
    {
      code: 'MW-DRIFT-402',
      where: 'drift.health.freshness.column',
      what: `column ${JSON.stringify(labelOf(freshness.column))} holds no times but values of type ${first.type}.`,
      fix: 'Name a column of timestamps, such as 2026-03-01T12:00:00Z.',
    },
  ]
}

/** A column without any value may be of every type. */
function isTime(column: Table['columns'][number]): boolean {
  const cells = column.kind === 'numeric' ? column.values : column.codes
  return column.type === 'timestamp' || column.missing === cells.length
}

function limitProblems({ volume, ranges }: HealthPolicy): Problem[] {
  const limits = [
    { key: 'volume', ...volume },
    ...Object.entries(ranges?.columns ?? {}).map(([name, range]) => ({
      key: `ranges.columns.${labelOf(name)}`,
      ...range,
    })),
  ]
  return limits
    .filter(({ min, max }) => min !== undefined && max !== undefined && min > max)
    .map(({ key, min, max }) => ({
      code: 'MW-DRIFT-403',
      where: `drift.health.${key}`,
      what: `min ${min} is above max ${max}: nothing lies between.`,
      fix: 'Exchange the two, or leave one out.',
    }))
}
