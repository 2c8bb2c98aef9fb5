import { performance } from 'node:perf_hooks'
import type { ProbeSection } from '../../../config/deploy/probe.js'
import type { DeploySection } from '../../../config/deploy.js'
import type { Availability } from '../../../domain/probe/availability.js'
import type { Check } from '../../../domain/probe/check.js'
import { CancelledError, UserError } from '../../../errors.js'
import type { ModelEndpoint, OpenEndpoint } from '../../../ports/probe.js'
import type { Backend, TrafficTarget } from '../../../ports/traffic.js'
import type { JobContext } from '../../../runtime/job.js'
import type { RolloutPredicate } from '../../../statements/schemas/rollout.js'
import { isBegun } from '../found.js'
import { runChecks } from './checks.js'
import { type Examples, readExamples } from './examples.js'
import { createPeers } from './peers.js'
import { failuresIn, noAddress, Unfit, unfit } from './refusal.js'
import { startWatch } from './watch.js'
import { watchedTarget } from './watched-target.js'
import { createWatches } from './watches.js'

export interface ProbingOptions {
  readonly context: JobContext<DeploySection>
  /** Undefined where nobody probes. */
  readonly open: OpenEndpoint | undefined
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** The probe of one deployment. Where the settings have none, nothing is asked and nothing is watched. */
export interface Probing {
  /** Checks the new version's server before any traffic; throws UserError, or Unfit where that is a decision. */
  check(canary: Backend): Promise<void>
  /** The target, where a canary that does not answer its own checks counts as not reachable. */
  watched(target: TrafficTarget, stable: Backend): TrafficTarget
  /** Ends the watch. */
  close(): Promise<void>
  /** What the statement says. */
  report(): RolloutPredicate['probe']
}

/**
 * Reads the examples before anything is started: a file that cannot be read changes nothing. What ends a rollout asks nobody, so that
 * nothing keeps it from going back.
 */
export async function openProbing(options: ProbingOptions): Promise<Probing> {
  const { context, open } = options
  const { probe: settings, mode } = context.settings
  if (settings === undefined || open === undefined || ENDING.includes(mode)) return noProbing
  const examples = await examplesFor(settings, context)
  return createProbing({ ...options, open, settings, examples })
}

const ENDING: readonly DeploySection['mode'][] = ['promote', 'rollback', 'abort']

/** A rollout that is gone on with must be able to go back: without its examples it is watched by its health alone. */
async function examplesFor(
  { golden }: ProbeSection,
  { settings, workspace, log }: JobContext<DeploySection>,
): Promise<Examples | undefined> {
  if (golden === undefined) return undefined
  try {
    return await readExamples(golden, workspace.resolve(golden.file, 'deploy.probe.golden'))
  } catch (error) {
    if (!isBegun(settings.mode) || !(error instanceof UserError)) throw error
    log.warn(`The probe goes on without its examples: ${error.message}`)
    return undefined
  }
}

const noProbing: Probing = {
  check: async () => undefined,
  watched: (target) => target,
  close: async () => undefined,
  report: () => undefined,
}

interface Probed extends ProbingOptions {
  readonly open: OpenEndpoint
  readonly settings: ProbeSection
  readonly examples: Examples | undefined
}

function createProbing(probed: Probed): Probing {
  const { settings, context } = probed
  const peers = createPeers(settings, probed.open)
  let address = ''
  let checks: readonly Check[] = []
  const canaryAt = (canary: Backend): ModelEndpoint => {
    const endpoint = peers.canary(canary)
    address = endpoint.address
    return endpoint
  }
  const watches = createWatches((watching, canary) =>
    startWatch({
      canary: canaryAt(canary),
      stable: peers.stable(canary),
      users: peers.users(),
      rows: watching.predict ? probed.examples : undefined,
      everyMs: watching.every,
      failures: watching.failures,
      now: context.now,
      sleep: probed.sleep,
      onStop: (text) => context.log.warn(text),
    }),
  )
  return {
    check: async (canary) => {
      const endpoint = canaryAt(canary)
      checks = await checksOf(probed, endpoint, peers.stable(canary))
      if (context.signal.aborted) throw new CancelledError('Cancelled while the probe was asking.')
      say(context, checks)
      refuseUnfit(settings, { version: canary.version, address, checks })
    },
    watched: (target, stable) => {
      peers.use(stable)
      const { watch } = settings
      if (watch === undefined) return target
      return watchedTarget(target, {
        start: (canary) => watches.start(watch, canary),
        end: () => watches.end(),
        stopped: () => watches.seen()?.stop?.text,
      })
    },
    close: async () => {
      await watches.end()
      peers.close()
    },
    report: () => reportOf(probed, { address, checks, seen: watches.seen() }),
  }
}

function checksOf(
  { settings, examples, context, sleep }: Probed,
  endpoint: ModelEndpoint,
  stable: ModelEndpoint | undefined,
): Promise<readonly Check[]> {
  if (settings.schema === 'stable' && stable === undefined) throw noAddress('stable', 'stable-url')
  return runChecks({
    settings,
    endpoint,
    stable,
    examples,
    startTimeoutMs: context.settings['start-timeout'],
    signal: context.signal,
    clock: () => performance.now(),
    sleep,
  })
}

function say({ log }: JobContext<DeploySection>, checks: readonly Check[]): void {
  for (const { name, status, text } of checks) {
    if (status === 'fail') log.warn(`probe: ${name}: ${text}`)
    else log.info(`probe: ${name}: ${text}`)
  }
}

interface Found {
  readonly version: string
  readonly address: string
  readonly checks: readonly Check[]
}

function refuseUnfit(settings: ProbeSection, { version, address, checks }: Found): void {
  if (checks.every(({ status }) => status !== 'fail')) return
  if (settings['on-failure'] === 'refuse') throw unfit(version, address, checks)
  if (settings['on-failure'] === 'fail') {
    throw new Unfit(`${version} was given no traffic: ${failuresIn(checks)}`)
  }
}

function reportOf(
  { settings: { protocol }, examples }: Probed,
  found: Pick<Found, 'address' | 'checks'> & { readonly seen: Availability | undefined },
): RolloutPredicate['probe'] {
  const { address, checks, seen } = found
  if (checks.length === 0 && seen === undefined) return undefined
  return {
    address,
    protocol,
    golden: examples?.source,
    checks,
    watch: seen && {
      looks: seen.looks,
      canaryFailures: seen.canaryFailures,
      usersFailures: seen.usersFailures,
      bothFailed: seen.bothFailed,
      stop: seen.stop?.text ?? null,
    },
  }
}
