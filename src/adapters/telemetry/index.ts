import { setTimeout as wait } from 'node:timers/promises'
import type { CloudMonitoringSignals } from '../../config/deploy/cloud-monitoring.js'
import type { CloudWatchSignals } from '../../config/deploy/cloudwatch.js'
import type { PrometheusSignals, SignalsSection } from '../../config/deploy/signals.js'
import type { DriftMetrics, DriftPrometheus } from '../../config/drift/monitoring.js'
import type { MetricFamily } from '../../domain/drift/monitoring/metric-family.js'
import { CancelledError } from '../../errors.js'
import type { Workspace } from '../../files/workspace.js'
import type { Signals } from '../../ports/signals.js'
import type { MetricSink, MonitoringServer } from '../../ports/telemetry.js'
import type { HttpContext } from './http.js'
import { type AnswersContext, withAnswers } from './open-answers.js'
import { openService, requireOneCounter } from './services.js'

export interface TelemetryContext {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly workspace: Pick<Workspace, 'resolve'>
  /** The label `project` where the settings name none, such as the repository. */
  readonly project: string
  /** When the check ran. */
  readonly at: Date
}

const EXPORT_TIMEOUT_MS = 15_000
const FIRST_DELAY_MS = 500

/** Everything that the settings name as a place for metrics. A path that leads outside of the workspace is refused. */
export async function openSinks(
  settings: DriftMetrics,
  context: TelemetryContext,
): Promise<MetricSink[]> {
  const { env, workspace, at } = context
  const { textfile, pushgateway, otlp, job, labels } = settings
  const project = settings.project ?? context.project
  const http = httpContext(context, EXPORT_TIMEOUT_MS)
  const sinks: MetricSink[] = []
  if (textfile !== undefined) {
    const { createTextfile } = await import('./textfile.js')
    sinks.push(createTextfile(workspace.resolve(textfile, 'drift.metrics.textfile'), textfile))
  }
  if (pushgateway !== undefined) {
    const { createPushgateway } = await import('./pushgateway.js')
    sinks.push(createPushgateway({ url: pushgateway, job, project, labels, env }, http))
  }
  if (otlp !== undefined) {
    const { createOtlp } = await import('./otlp.js')
    sinks.push(createOtlp({ url: otlp, job, project, env, at }, http))
  }
  return sinks
}

/** The server that operational numbers are read from. */
export async function openPrometheus(
  settings: DriftPrometheus,
  context: Pick<TelemetryContext, 'env' | 'signal'>,
): Promise<MonitoringServer> {
  const { createPrometheus } = await import('./prometheus.js')
  const http = httpContext(context, settings['timeout-seconds'] * 1000)
  return createPrometheus({ url: settings.url, env: context.env }, http)
}

interface SignalsContext extends Pick<TelemetryContext, 'env' | 'signal'> {
  /** What a target is counted by, where the settings name no counts: a service, or the target itself. */
  readonly otherwise?: SignalsSection | undefined
  readonly own?: Signals | undefined
  /** What logs of single answers are read by; without it there are none. */
  readonly answers?: AnswersContext | undefined
}

/** Where it is known what users met, as the settings name it, else as the target has it; undefined where neither has. */
export async function openSignals(
  settings: SignalsSection | undefined,
  context: SignalsContext,
): Promise<Signals | undefined> {
  const { otherwise = {}, own, answers } = context
  const named = await openCounts(settings ?? {}, context)
  const isCounted = named !== undefined || settings?.sql !== undefined
  const counts = isCounted ? named : ((await openCounts(otherwise, context)) ?? own)
  if (answers === undefined || settings === undefined) return counts
  return withAnswers(counts, settings, { ...context, answers })
}

async function openCounts(
  settings: SignalsSection,
  context: SignalsContext,
): Promise<Signals | undefined> {
  requireOneCounter(settings)
  const { prometheus, 'cloud-monitoring': cloudMonitoring, cloudwatch } = settings
  if (prometheus !== undefined) return openPrometheusSignals(prometheus, context)
  if (cloudMonitoring !== undefined) return openCloudMonitoring(cloudMonitoring, context)
  if (cloudwatch !== undefined) return openCloudWatch(cloudwatch, context)
  const { env } = context
  return openService(settings, { env, http: (limit) => httpContext(context, limit) })
}

async function openPrometheusSignals(
  settings: PrometheusSignals,
  context: SignalsContext,
): Promise<Signals> {
  const { createPrometheusSignals } = await import('./prometheus-signals.js')
  const http = httpContext(context, settings['timeout-seconds'] * 1000)
  const { env } = context
  if (settings['sign-in'] === undefined) return createPrometheusSignals(settings, { env }, http)
  if (settings['sign-in'] === 'azure') {
    const { azurePrometheusToken } = await import('./azure.js')
    const token = azurePrometheusToken(settings.url, env)
    return createPrometheusSignals(settings, { env, token }, http)
  }
  const { createGoogleSignIn } = await import('../../clouds/google-sign-in.js')
  const account = createGoogleSignIn(env)
  return createPrometheusSignals(settings, { env, token: () => account.token(false) }, http)
}

async function openCloudMonitoring(
  settings: CloudMonitoringSignals,
  { env, signal }: SignalsContext,
): Promise<Signals> {
  const { createCloudMonitoringSignals } = await import('./cloud-monitoring.js')
  const { openGoogle } = await import('../../clouds/google.js')
  const client = openGoogle({
    env,
    signal,
    now: Date.now,
    sleep: async (milliseconds) => void (await wait(milliseconds, undefined, { signal })),
    timeoutMs: settings['timeout-seconds'] * 1000,
  })
  return createCloudMonitoringSignals(settings, client)
}

async function openCloudWatch(
  settings: CloudWatchSignals,
  { env, signal }: SignalsContext,
): Promise<Signals> {
  const { createCloudWatchSignals } = await import('./cloudwatch.js')
  const { openAws } = await import('../../clouds/aws.js')
  const { region, endpoint } = settings
  const aws = openAws({
    name: 'CloudWatch',
    host: 'monitoring',
    signing: 'monitoring',
    where: 'deploy.signals.cloudwatch',
    ...{ region, endpoint, env, signal },
    timeoutMs: settings['timeout-seconds'] * 1000,
  })
  return createCloudWatchSignals(settings, aws)
}

function httpContext({ signal }: Pick<TelemetryContext, 'signal'>, timeoutMs: number): HttpContext {
  return { signal, timeoutMs, firstDelayMs: FIRST_DELAY_MS }
}

/**
 * Sends the metrics to every sink, and gives what is worth a warning. A sink that fails changes nothing for the others, nor
 * for the decision; only cancelling ends it.
 */
export async function sendMetrics(
  sinks: readonly MetricSink[],
  families: readonly MetricFamily[],
): Promise<string[]> {
  const warnings: string[] = []
  for (const sink of sinks) {
    try {
      const remarks = await sink.send(families)
      warnings.push(...remarks.map((text) => `Metrics to ${sink.name}: ${text}`))
    } catch (error) {
      if (error instanceof CancelledError) throw error
      const reason = error instanceof Error ? error.message : String(error)
      warnings.push(`The metrics could not be sent to ${sink.name}: ${reason}`)
    }
  }
  return warnings
}
