import type { Decision } from '../../decision.js'
import { labelOf } from '../label.js'
import type { DriftColumn, DriftPredicateBody } from '../predicate.js'
import {
  gauge,
  type MetricFamily,
  type MetricSample,
  numbered,
  one,
  sides,
} from './metric-family.js'
import { type OtherParts, otherFamilies } from './other-families.js'

/** More series than this of each family cost a monitoring system more than they tell it. */
const MOST_COLUMNS = 500

const DECISIONS: readonly Decision[] = ['pass', 'warn', 'fail', 'inconclusive']
const STATES = ['judged', 'no-data', 'late'] as const
const STATUSES = ['drifted', 'unconfirmed', 'stable', 'inconclusive'] as const

export interface FamilyContext {
  /** The label `project`. */
  readonly project: string
  /** Further labels, of every sample. */
  readonly labels: Readonly<Record<string, string>>
  /** When the check ran. */
  readonly at: Date
  /** How often it is meant to run, in milliseconds. */
  readonly interval?: number | undefined
}

interface WindowState {
  /** Whether there was something to judge; judged unless given. */
  readonly state?: (typeof STATES)[number] | undefined
}

/**
 * The gauges of one drift check. Columns beyond the first 500 (critical ones first, then drifted ones, then in order) are
 * counted only. What is null, or of a column that could not be judged, has no sample: a gap is no zero. Performance, health,
 * tests of all columns together and operational numbers are read where the result has them.
 */
export function driftFamilies(
  body: DriftPredicateBody & OtherParts & WindowState,
  context: FamilyContext,
): MetricFamily[] {
  const families = [
    ...outcomeFamilies(body),
    ...dataSetFamilies(body, context),
    ...columnFamilies(shownColumns(body.columns)),
    ...otherFamilies(body),
  ]
  const common = { project: labelOf(context.project), ...context.labels }
  return families
    .map((family) => finish(family, common))
    .filter(({ samples }) => samples.length > 0)
}

function outcomeFamilies({
  decision: made,
  state: found = 'judged',
}: Pick<DriftPredicateBody, 'decision'> & WindowState): MetricFamily[] {
  return [
    gauge(
      'modelway_drift_decision',
      'The decision of the last drift check: 1 for the one that holds.',
      [
        ...DECISIONS.map((decision) => ({
          labels: { decision },
          value: made === decision ? 1 : 0,
        })),
      ],
    ),
    gauge(
      'modelway_drift_state',
      'Whether the window was judged, held no data, or was late: 1 for the one that holds.',
      [
        ...STATES.map((state) => ({
          labels: { state },
          value: found === state ? 1 : 0,
        })),
      ],
    ),
  ]
}

function dataSetFamilies(
  body: DriftPredicateBody,
  { at, interval }: FamilyContext,
): MetricFamily[] {
  const { columns, rows } = body
  return [
    gauge('modelway_drift_columns', 'Compared columns by what was found.', [
      ...STATUSES.map((status) => ({
        labels: { status },
        value: columns.filter((column) => column.status === status).length,
      })),
    ]),
    gauge('modelway_drift_columns_left_out', 'Compared columns that have no series of their own.', [
      one(Math.max(0, columns.length - MOST_COLUMNS)),
    ]),
    gauge('modelway_drift_drifted_ratio', 'Share of the columns that drifted.', [
      one(body.driftedShare),
    ]),
    gauge('modelway_drift_inconclusive_ratio', 'Share of the columns that could not be judged.', [
      one(body.inconclusiveShare),
    ]),
    gauge('modelway_drift_limit_ratio', 'Share of drifted columns from which the check fails.', [
      one(body.minShare),
    ]),
    // Imported results do not say how many rows they are of; a data set without rows is never compared.
    gauge(
      'modelway_drift_rows',
      'Rows of each sample.',
      rows.reference + rows.current > 0 ? sides(rows) : [],
    ),
    gauge('modelway_drift_last_run_timestamp_seconds', 'When the last drift check ran.', [
      one(at.getTime() / 1000),
    ]),
    gauge(
      'modelway_drift_interval_seconds',
      'How often the drift check is meant to run.',
      interval === undefined ? [] : [one(interval / 1000)],
    ),
  ]
}

function columnFamilies(columns: readonly DriftColumn[]): MetricFamily[] {
  const of = (samples: (column: DriftColumn) => readonly MetricSample[]): MetricSample[] =>
    columns.flatMap((column) =>
      samples(column).map(({ labels, value }) => ({
        labels: { column: nameOf(column), ...labels },
        value,
      })),
    )
  return [
    gauge(
      'modelway_drift_column_drifted',
      'Whether a column drifted; without a sample where it could not be judged.',
      [
        ...of(({ status }) =>
          status === 'inconclusive' ? [] : [one(status === 'drifted' ? 1 : 0)],
        ),
      ],
    ),
    gauge(
      'modelway_drift_column_distance',
      'How far a column moved, by the distance that it is judged by.',
      [...of(({ distance }) => numbered({ distance: distance?.name ?? '' }, distance?.value))],
    ),
    gauge('modelway_drift_column_distance_threshold', 'How far a column may move.', [
      ...of(({ distance }) => numbered({ distance: distance?.name ?? '' }, distance?.threshold)),
    ]),
    gauge(
      'modelway_drift_column_p_value_adjusted',
      'The p-value of the change of a column, corrected for the number of tests.',
      [...of(({ test, adjustedPValue }) => numbered({ test: test ?? '' }, adjustedPValue))],
    ),
    gauge('modelway_drift_column_missing_ratio', 'Share of missing cells.', [
      ...of(({ values, nulls }) => (values.reference + values.current > 0 ? sides(nulls) : [])),
    ]),
  ]
}

/** Two columns whose names are cut to the same text would be one series twice, which no receiver takes. */
function shownColumns(columns: readonly DriftColumn[]): DriftColumn[] {
  const rank = (column: DriftColumn): number => (column.critical ? 0 : column.drifted ? 1 : 2)
  const seen = new Set<string>()
  const distinct = columns.filter((column) => {
    const name = nameOf(column)
    if (seen.has(name)) return false
    seen.add(name)
    return true
  })
  return [...distinct].sort((a, b) => rank(a) - rank(b)).slice(0, MOST_COLUMNS)
}

/** To Prometheus an empty label is none at all. */
function nameOf({ name }: DriftColumn): string {
  return name === '' ? '(empty)' : labelOf(name)
}

function finish(family: MetricFamily, common: Readonly<Record<string, string>>): MetricFamily {
  const samples = family.samples
    .filter(({ value }) => Number.isFinite(value))
    .map(({ labels, value }) => ({ labels: { ...common, ...labels }, value }))
  return { ...family, samples }
}
