import type { MetricFamily } from '../domain/drift/monitoring/metric-family.js'
import type { CumulativeCounts, Series } from '../domain/drift/monitoring/operational-query.js'

/** Where metrics go: a file, a Pushgateway, an OpenTelemetry collector. */
export interface MetricSink {
  /** For messages. */
  readonly name: string
  /** Replaces what this job sent before. Gives what the receiver remarked; throws where it did not take the metrics. */
  send(families: readonly MetricFamily[]): Promise<readonly string[]>
}

export interface Answer<T> {
  /** Undefined where there is no series: no data. */
  readonly data: T | undefined
  /** What the server remarked. */
  readonly warnings: readonly string[]
}

/** A server that is asked for operational numbers. */
export interface MonitoringServer {
  /** The one series that an expression gives, at equal steps from `from` to `to`, in milliseconds since 1970. */
  series(request: {
    readonly name: string
    readonly query: string
    readonly from: number
    readonly to: number
    readonly step: number
  }): Promise<Answer<Series>>
  /** The counts by `le` that an expression gives at one time. */
  histogram(request: {
    readonly name: string
    readonly query: string
    readonly at: number
  }): Promise<Answer<CumulativeCounts>>
}
