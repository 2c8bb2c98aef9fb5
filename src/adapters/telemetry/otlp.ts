import type { MetricFamily, MetricSample } from '../../domain/drift/monitoring/metric-family.js'
import { ExternalError } from '../../errors.js'
import type { MetricSink } from '../../ports/telemetry.js'
import { createRedaction, type Redaction, secretsIn } from '../../secrets.js'
import { checkedHeaders, environmentPairs, requireEncryption } from './credentials.js'
import { excerpt, type HttpAnswer, type HttpContext, request, serviceAt } from './http.js'

export interface OtlpSettings {
  readonly url: string
  readonly job: string
  readonly project: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** When the numbers were measured. */
  readonly at: Date
}

const SERVICE = 'OpenTelemetry collector'

/**
 * OpenTelemetry's protocol over HTTP in JSON (OTLP 1.9): one gauge a family, everything of one resource. Headers come from
 * OTEL_EXPORTER_OTLP_HEADERS, and OTEL_EXPORTER_OTLP_METRICS_HEADERS before it, as in OpenTelemetry's own exporters. Data
 * points that the receiver rejects are remarks: the rest arrived.
 */
export function createOtlp(settings: OtlpSettings, http: HttpContext): MetricSink {
  const { env } = settings
  const url = metricsUrl(settings.url)
  const hide = createRedaction(secretsIn(env))
  return {
    name: serviceAt({ service: SERVICE, url }),
    send: async (families) => {
      const headers = headersOf(env)
      requireEncryption(url, headers, 'drift.metrics.otlp')
      const answer = await request(
        {
          service: SERVICE,
          url,
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(exportRequest(families, settings)),
          signIn: 'set OTEL_EXPORTER_OTLP_HEADERS, such as authorization=Bearer%20….',
          hide,
        },
        http,
      )
      if (answer.status < 200 || answer.status >= 300) throw refused(url, answer, hide)
      return remarks(answer, hide)
    },
  }
}

/** The address of the collector gets the path of metrics, unless it has it. */
export function metricsUrl(text: string): URL {
  const url = new URL(text)
  const path = url.pathname.replace(/\/+$/, '')
  url.pathname = path.endsWith('/v1/metrics') ? path : `${path}/v1/metrics`
  return url
}

function headersOf(env: OtlpSettings['env']): Record<string, string> {
  const pairs = [
    ...environmentPairs(env['OTEL_EXPORTER_OTLP_HEADERS']),
    ...environmentPairs(env['OTEL_EXPORTER_OTLP_METRICS_HEADERS']),
  ]
  const headers = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value]))
  return { ...checkedHeaders(headers, 'OTEL_EXPORTER_OTLP_HEADERS') }
}

/** An ExportMetricsServiceRequest in the JSON of protobuf: names in camel case, 64-bit numbers as text. */
function exportRequest(families: readonly MetricFamily[], settings: OtlpSettings): object {
  const { job, project, env, at } = settings
  const timeUnixNano = `${at.getTime()}000000`
  const resource = {
    ...Object.fromEntries(environmentPairs(env['OTEL_RESOURCE_ATTRIBUTES'])),
    'service.name': job,
    'modelway.project': project,
  }
  const metrics = families.map(({ name, help, unit, samples }) => ({
    name,
    description: help,
    ...(unit === '' ? {} : { unit }),
    gauge: { dataPoints: samples.map((sample) => dataPoint(sample, timeUnixNano)) },
  }))
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributes(resource) },
        scopeMetrics: [{ scope: { name: 'modelway' }, metrics }],
      },
    ],
  }
}

function dataPoint({ labels, value }: MetricSample, timeUnixNano: string): object {
  return { attributes: attributes(labels), timeUnixNano, asDouble: value }
}

function attributes(pairs: Readonly<Record<string, string>>): object[] {
  return Object.entries(pairs).map(([key, text]) => ({
    key,
    value: { stringValue: wellFormed(text) },
  }))
}

/** Half a surrogate pair is no text to a receiver: the replacement character stands for it. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8')
}

function refused(url: URL, { status, text }: HttpAnswer, hide: Redaction): ExternalError {
  const said = parsed(text)?.['message']
  return new ExternalError({
    code: 'MW-DRIFT-657',
    service: serviceAt({ service: SERVICE, url }),
    status,
    what: `did not take the metrics: ${excerpt(typeof said === 'string' ? said : text, hide)}`,
    retryable: false,
  })
}

/** An answer in protobuf, or none at all, says nothing but that all went well. */
function remarks({ text }: HttpAnswer, hide: Redaction): string[] {
  const partial = parsed(text)?.['partialSuccess']
  if (typeof partial !== 'object' || partial === null) return []
  const { rejectedDataPoints = 0, errorMessage = '' } = partial as Record<string, unknown>
  const rejected = Number(rejectedDataPoints)
  const message = String(errorMessage)
  if (rejected > 0) return [`${rejected} data points were rejected: ${excerpt(message, hide)}`]
  return message === '' ? [] : [excerpt(message, hide)]
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
