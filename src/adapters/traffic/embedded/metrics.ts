import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { type CounterBook, LATENCY_BOUNDS } from './counters.js'
import type { Traffic } from './protocol.js'

export interface MetricsParts {
  readonly latency: Histogram<'version'>
  readonly counters: CounterBook
  readonly traffic: { readonly current: Traffic }
  readonly failures: (version: string) => number
}

export interface RouterMetrics {
  readonly contentType: string
  /** The text of a Prometheus scrape. */
  render(): Promise<string>
}

/** Latency of users' requests by version, in seconds as Prometheus has it. */
export function createLatencyHistogram(): Histogram<'version'> {
  return new Histogram({
    name: 'modelway_router_request_duration_seconds',
    help: 'Time until a version had answered a request of a user in full.',
    labelNames: ['version'],
    buckets: LATENCY_BOUNDS.map((milliseconds) => milliseconds / 1000),
    registers: [],
  })
}

/** The counters as Prometheus reads them. */
export function createMetrics(parts: MetricsParts): RouterMetrics {
  const registry = new Registry()
  const registers = [registry]
  registry.registerMetric(parts.latency)
  addRequests(parts, registers)
  addTraffic(parts, registers)
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
  }
}

function addRequests({ counters }: MetricsParts, registers: Registry[]): void {
  new Counter({
    name: 'modelway_router_requests_total',
    help: 'Requests of users that a version finished, by how they ended.',
    labelNames: ['version', 'result'],
    registers,
    collect() {
      this.reset()
      for (const [version, { classes }] of counters.versions) {
        for (const [result, count] of Object.entries(classes)) this.inc({ version, result }, count)
      }
    },
  })
  new Counter({
    name: 'modelway_router_mirrored_total',
    help: 'Mirrored requests, by how the two answers compare.',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset()
      // Who was slow is told beside how the answers compare: such a request is among those already.
      const { canaryOnlySlow: _canary, stableOnlySlow: _stable, ...results } = counters.mirror
      for (const [result, count] of Object.entries(results)) this.inc({ result }, count)
    },
  })
}

function addTraffic({ traffic, failures }: MetricsParts, registers: Registry[]): void {
  new Gauge({
    name: 'modelway_router_weight',
    help: 'Share of requests set for a version, percent.',
    labelNames: ['version'],
    registers,
    collect() {
      this.reset()
      const { stable, canary, weight } = traffic.current
      this.set({ version: stable.version }, 100 - weight)
      if (canary !== null) this.set({ version: canary.version }, weight)
    },
  })
  new Gauge({
    name: 'modelway_router_ready',
    help: 'Whether the last health check of a version went well.',
    labelNames: ['version'],
    registers,
    collect() {
      this.reset()
      const { stable, canary } = traffic.current
      for (const backend of canary === null ? [stable] : [stable, canary]) {
        this.set({ version: backend.version }, failures(backend.version) === 0 ? 1 : 0)
      }
    },
  })
}
