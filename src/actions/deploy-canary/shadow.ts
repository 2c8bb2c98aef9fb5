import type { DeploySection } from '../../config/deploy.js'
import { UserError } from '../../errors.js'

type Metric = DeploySection['analysis'][number]

/**
 * What a shadow is judged by: `answers` of both versions to the same requests, else the `counts` of each, where the copies that it
 * answers are counted; undefined where neither is known.
 */
function evidenceOf({ target, signals = {} }: DeploySection): 'answers' | 'counts' | undefined {
  if (target === 'embedded' || signals.predictions !== undefined || signals.sql !== undefined) {
    return 'answers'
  }
  // SageMaker counts what a shadow variant answers as any variant's; the others count users' requests alone.
  return countsByVersion(signals) || target === 'sagemaker' ? 'counts' : undefined
}

/** Counters that the settings name count whatever a version answers, copies too. */
function countsByVersion(signals: NonNullable<DeploySection['signals']>): boolean {
  return Object.entries(signals).some(
    ([key, value]) => value !== undefined && key !== 'predictions' && key !== 'sql',
  )
}

/** Whether both answers to a request are compared, with the times that they took. */
function knowsTimes({ target, signals: { predictions, sql } = {} }: DeploySection): boolean {
  if (target === 'embedded') return true
  if (predictions === undefined) return sql?.columns.latency !== undefined
  return predictions.columns.latency !== undefined || predictions.payload === 'cloud-events'
}

/** Whether a metric of a shadow compares what each version counts, and not its answers to the same requests. */
export function isUnpaired(settings: DeploySection, { metric }: Pick<Metric, 'metric'>): boolean {
  if (settings.mode !== 'shadow') return false
  switch (metric) {
    case 'error-rate':
      return evidenceOf(settings) === 'counts'
    case 'latency':
      return !knowsTimes(settings)
    default:
      return metric === 'rejection-rate'
  }
}

/** The bound above which answers of a shadow, and stable's to the same requests, are slow; milliseconds. */
export function slowBound(settings: DeploySection): number | undefined {
  // What goes on may be a shadow: its record says so, later.
  const isShadow = settings.mode === 'shadow' || settings.mode === 'continue'
  return isShadow ? slowBounds(settings)[0] : undefined
}

function slowBounds(settings: DeploySection): number[] {
  if (!knowsTimes(settings)) return []
  return settings.analysis.flatMap((metric) => (metric.metric === 'latency' ? [metric.over] : []))
}

/** Refuses copies that nobody sends, and a shadow that nothing could be said about. */
export function requireCopies(settings: DeploySection): void {
  const { mode, mirror = mode === 'shadow' ? 100 : 0 } = settings
  if (mode === 'shadow' && mirror === 0)
    throw noCopies('deploy.mirror is 0: a shadow gets no copies.')
  if (mirror === 0) return
  requireMirror(settings, mirror)
  if (mode === 'shadow') requireComparison(settings)
}

/** Targets that send copies, whatever else is set. */
const MIRRORING: readonly DeploySection['target'][] = [
  'embedded',
  'gateway-api',
  'istio',
  'traefik',
  'nginx',
  'azure-ml',
  'batch',
]
/** What Azure copies at most, percent. */
const MOST_OF_AZURE = 50

function requireMirror(settings: DeploySection, mirror: number): void {
  const { target, envoy, traefik, sagemaker, signals } = settings
  const isMixed = mixesCopies({ target, envoy, traefik })
  if (isMixed && !countsByVersion(signals ?? {})) throw copiesAmongUsers(target)
  if (target === 'envoy' && envoy?.mirror !== undefined) return
  if (target === 'sagemaker' && sagemaker?.shadow === true) return
  if (!MIRRORING.includes(target)) {
    throw noCopies(`target ${target} sends no copies of requests, as it is set up here.`)
  }
  if (target === 'azure-ml' && mirror > MOST_OF_AZURE) {
    throw noCopies(`Azure copies ${MOST_OF_AZURE} % of the requests at most, and not ${mirror} %.`)
  }
}

function noCopies(what: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-457',
    where: 'deploy.mirror',
    what,
    fix: 'Set deploy.mirror to what the target can do, and deploy.envoy.mirror or deploy.sagemaker.shadow for these; or use mode: canary without it (docs/targets.md).',
  })
}

/** Whether the target counts by itself what it cannot tell from users' requests. */
function mixesCopies({
  target,
  envoy,
  traefik,
}: Pick<DeploySection, 'target' | 'envoy' | 'traefik'>): boolean {
  if (target === 'traefik') return traefik?.['copies-suffix'] === undefined
  return target === 'envoy' && envoy?.mirror !== undefined && envoy.origin === 'all'
}

function copiesAmongUsers(target: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-458',
    where: `deploy.${target}`,
    what: "it counts copies among users' requests: while it mirrors, it would not be known what users met.",
    fix: 'Set deploy.envoy.origin: external, or deploy.traefik.copies-suffix; or name who counts by version with deploy.signals.',
  })
}

function requireComparison(settings: DeploySection): void {
  const evidence = evidenceOf(settings)
  if (evidence === undefined) throw noComparison(settings.target)
  const { analysis, signals = {} } = settings
  const unknown = analysis.find((metric) => {
    if (metric.metric === 'latency' && metric.of === 'log-mean') return true
    return metric.metric === 'rejection-rate' && evidence === 'answers' && !countsByVersion(signals)
  })
  if (unknown !== undefined) throw notOfShadows(unknown)
  if (slowBounds(settings).length > 1) throw twoBounds()
}

function noComparison(target: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-062',
    where: 'deploy.mode',
    what: `target ${target} does not say what its shadow answers, and it is not said who does.`,
    fix: 'Name a log of what both answered with deploy.signals.predictions, or who counts by version; or use mode: canary, or the target embedded.',
  })
}

function notOfShadows(metric: Metric): UserError {
  const name = metric.metric === 'latency' ? 'the mean of latency (of: log-mean)' : metric.metric
  return new UserError({
    code: 'MW-DEPLOY-459',
    where: 'deploy.analysis',
    what: `${name} is known of answers to users, and a shadow has none.`,
    fix: 'Leave it out. A shadow is judged by error-rate, latency (of: share), quality and disagreement; by rejection-rate where deploy.signals counts by version.',
  })
}

function twoBounds(): UserError {
  return new UserError({
    code: 'MW-DEPLOY-460',
    where: 'deploy.analysis',
    what: 'latency is given with more than one bound, and of a shadow the times of both answers to a request are compared by one.',
    fix: 'Keep one latency metric.',
  })
}
