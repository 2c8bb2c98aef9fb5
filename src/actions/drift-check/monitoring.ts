import type { DriftPrometheus } from '../../config/drift/monitoring.js'
import type { DriftSection } from '../../config/drift.js'
import type { MetricFamily } from '../../domain/drift/monitoring/metric-family.js'
import type { OperationalReading } from '../../domain/drift/monitoring/operational-query.js'
import type { OperationalResult } from '../../domain/drift/monitoring/operational-result.js'
import { CancelledError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import type { Judged } from './judged.js'
import type { Verdict } from './verdict.js'

/** What the job needs of the world to be watched, and to look at what others watch. */
export interface MonitoringPorts {
  readonly readOperational: (settings: DriftPrometheus) => Promise<{
    readonly readings: readonly OperationalReading[]
    readonly warnings: readonly string[]
  }>
  /** Gives what is worth a warning. */
  readonly sendMetrics: (families: readonly MetricFamily[]) => Promise<readonly string[]>
}

/** Latency, errors and whatever else the settings ask a Prometheus server for, judged. */
export async function operationalOf(
  { settings, log }: JobContext<DriftSection>,
  ports: MonitoringPorts,
): Promise<readonly OperationalResult[] | undefined> {
  const { prometheus, alpha, correction, rows } = settings
  if (prometheus === undefined) return undefined
  const { readings, warnings } = await log.group('Prometheus', () =>
    ports.readOperational(prometheus),
  )
  for (const warning of warnings) log.warn(warning)
  const judge = await import('../../domain/drift/monitoring/judge-operational.js')
  return judge.judgeOperational(readings, { alpha, correction, seed: rows.seed })
}

/** Sends the result as metrics to where the settings say. What fails is a warning. */
export async function publishMetrics(
  { settings, project, log, now, dryRun }: JobContext<DriftSection>,
  ports: MonitoringPorts,
  { judged, verdict }: { readonly judged: Judged; readonly verdict: Verdict },
): Promise<void> {
  const { metrics } = settings
  if (metrics === undefined || dryRun) return
  const about = {
    project: metrics.project ?? project,
    labels: metrics.labels,
    at: now(),
    interval: metrics.interval,
  }
  try {
    const { driftFamilies } = await import('../../domain/drift/monitoring/families.js')
    const { last, state, extras } = judged
    const families = driftFamilies({ ...last.body, ...verdict, ...extras, state }, about)
    for (const warning of await ports.sendMetrics(families)) log.warn(warning)
  } catch (error) {
    if (error instanceof CancelledError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    log.warn(`The metrics could not be sent: ${reason}`)
  }
}
