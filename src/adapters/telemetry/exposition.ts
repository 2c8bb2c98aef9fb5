import { Gauge, Registry } from 'prom-client'
import type { MetricFamily } from '../../domain/drift/monitoring/metric-family.js'

export interface Exposition {
  readonly contentType: string
  readonly text: string
}

/** The families in Prometheus' text format; whatever stands in a label is escaped. */
export async function exposition(families: readonly MetricFamily[]): Promise<Exposition> {
  const registry = new Registry()
  for (const { name, help, samples } of families) {
    const labelNames = Object.keys(samples[0]?.labels ?? {})
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] })
    for (const { labels, value } of samples) gauge.set(labels, value)
  }
  return { contentType: registry.contentType, text: await registry.metrics() }
}
