/** One number of a metric, told apart by labels. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>
  /** Finite. */
  readonly value: number
}

/** A gauge with all its samples; every sample has the same labels. */
export interface MetricFamily {
  /** By the conventions of Prometheus: the unit, if any, is its last word. */
  readonly name: string
  readonly help: string
  /** In UCUM, as OpenTelemetry has it: `s`, `1` for a ratio, and nothing for counts and numbers without a unit. */
  readonly unit: 's' | '1' | ''
  readonly samples: readonly MetricSample[]
}

/** The unit is read off the name. */
export function gauge(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, help, unit: unitOf(name), samples }
}

function unitOf(name: string): MetricFamily['unit'] {
  if (name.endsWith('_seconds')) return 's'
  return name.endsWith('_ratio') ? '1' : ''
}

/** The only sample of a family. */
export function one(value: number): MetricSample {
  return { labels: {}, value }
}

/** One sample for each of the two samples of rows. */
export function sides({
  reference,
  current,
}: {
  readonly reference: number
  readonly current: number
}): MetricSample[] {
  return [
    { labels: { sample: 'reference' }, value: reference },
    { labels: { sample: 'current' }, value: current },
  ]
}

/** A sample, or none where there is no number: a gap is no zero. */
export function numbered(
  labels: MetricSample['labels'],
  value: number | null | undefined,
): MetricSample[] {
  return value === null || value === undefined ? [] : [{ labels, value }]
}
