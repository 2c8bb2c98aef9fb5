import type { SageMakerTarget } from '../../../config/deploy/sagemaker.js'
import { UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import { trafficProblems } from '../problems.js'
import type { Endpoint } from './api.js'
import { ejection, namesOf, splitOf, untilDone, variantName } from './endpoint.js'
import { canaryAlone } from './layout.js'
import { movesByItself, notServing, notTaken } from './problems.js'
import { rollback } from './rollback.js'
import { ensureConfig, instancesOf, type SageMaker, wayBack } from './writes.js'

export interface GuardrailsOptions extends SageMaker {
  readonly canary: SageMakerTarget['canary']
  readonly guardrails: NonNullable<SageMakerTarget['guardrails']>
  /** Sets off the alarm that ends a deployment; undefined where none is named. */
  readonly alarm: (() => Promise<void>) | undefined
}

/**
 * SageMaker's deployment guardrails move the users from the old instances to the new ones by themselves, and back where an
 * alarm goes off. The first weight above 0 begins it; each further one waits until SageMaker is as far.
 */
export function createGuardrailsSplitter(options: GuardrailsOptions): Splitter {
  const { api } = options
  let hasBegun = false
  const advanced = async (roles: BothRoles, step: Step) => {
    const { split, begins } = await advance(options, roles, step)
    hasBegun ||= begins
    return split
  }
  return {
    kind: 'sagemaker',
    capabilities: { mirror: false, split: 'controller' },
    read: async (roles) => {
      const endpoint = await api.endpoint()
      const split = stateOf(options, endpoint, roles)
      const ejected = hasBegun && !isOn(endpoint) ? ejection(endpoint, namesOf(roles)) : undefined
      return { ...split, ejected }
    },
    admit: (roles, guard) => admit(options, roles, guard),
    share: async (roles, { weight, mirror }, guard) => {
      if (mirror > 0) throw movesByItself(api.title)
      return advanced(roles, { weight, guard })
    },
    promote: (roles, guard) => advanced(roles, { weight: 100, guard }),
    rollback: (roles) => {
      hasBegun = false
      return goBack(options, roles)
    },
  }
}

function isOn({ pending }: Endpoint): boolean {
  return pending !== undefined
}

/** Of a step SageMaker says only that it is there: `size` is the least that its users are. */
function weightOf({ guardrails }: GuardrailsOptions, endpoint: Endpoint, canary: string): number {
  const { pending, variants } = endpoint
  if (variants.some(({ VariantName }) => VariantName === canary)) return 100
  const statuses = (pending?.variants ?? [])
    .filter(({ VariantName }) => VariantName === canary)
    .flatMap(({ VariantStatus }) => VariantStatus ?? [])
  const hasUsers = statuses.some(({ Status }) => ['ActivatingTraffic', 'Baking'].includes(Status))
  return hasUsers ? guardrails.size : 0
}

function stateOf(options: GuardrailsOptions, endpoint: Endpoint, roles: Roles): Split {
  const names = namesOf(roles)
  const split = splitOf(options, endpoint, names)
  const weight = names.canary === undefined ? 0 : weightOf(options, endpoint, names.canary)
  // SageMaker moves on by itself; what we write is the configuration that it moves to.
  return { ...split, weight, revision: targetOf(endpoint) }
}

async function admit(
  options: GuardrailsOptions,
  roles: BothRoles,
  { revision }: Guard,
): Promise<Split> {
  const endpoint = await options.api.endpoint()
  const state = stateOf(options, endpoint, roles)
  if (state.revision !== revision) throw changed(options, state)
  const stable = variantName(roles.stable)
  if (!endpoint.variants.some(({ VariantName }) => VariantName === stable)) {
    const serving = endpoint.variants.map(({ VariantName }) => VariantName)
    throw notServing(options.api.title, stable, serving)
  }
  // Made already now: what SageMaker does not take is known before any user is concerned.
  await wantedConfig(options, endpoint, roles)
  return state
}

async function wantedConfig(
  options: GuardrailsOptions,
  endpoint: Endpoint,
  roles: BothRoles,
): Promise<string> {
  const { api, canary: settings } = options
  const names = { stable: variantName(roles.stable), canary: variantName(roles.canary) }
  const instances = instancesOf(endpoint, names)
  const made = { settings, instances, title: api.title }
  const config = canaryAlone(await api.config(endpoint.config), names, made)
  const before = await wayBack(options, endpoint.config)
  return ensureConfig(options, config, { before, madeFor: 'promotion' })
}

interface Step {
  readonly weight: number
  readonly guard: Guard
}

async function advance(
  options: GuardrailsOptions,
  roles: BothRoles,
  { weight, guard }: Step,
): Promise<{ readonly split: Split; readonly begins: boolean }> {
  const canary = variantName(roles.canary)
  const endpoint = await options.api.endpoint()
  const state = stateOf(options, endpoint, roles)
  if (state.revision !== guard.revision) throw changed(options, state)
  if (weight < state.weight) throw movesByItself(options.api.title)
  if (weight === 0) return { split: state, begins: false }
  const isUnderWay =
    state.weight === 100 ||
    endpoint.pending?.variants.some(({ VariantName }) => VariantName === canary) === true
  const wanted = isUnderWay ? state.revision : await begin(options, endpoint, roles)
  const { size } = options.guardrails
  const enough = weight > size ? 100 : size
  const reached = await untilDone(
    options,
    (now) =>
      targetOf(now) === wanted &&
      weightOf(options, now, canary) >= enough &&
      (enough < 100 || now.status === 'InService'),
  )
  if (targetOf(reached) !== wanted) {
    throw notTaken(`SageMaker, ${options.api.title}`, reached.failure)
  }
  return { split: stateOf(options, reached, roles), begins: true }
}

function targetOf({ pending, config }: Endpoint): string {
  return pending?.config ?? config
}

const READS = 6
const PAUSE_MS = 2000

async function begin(
  options: GuardrailsOptions,
  endpoint: Endpoint,
  roles: BothRoles,
): Promise<string> {
  const config = await wantedConfig(options, endpoint, roles)
  const deployment = deploymentOf(options.guardrails)
  await options.api.update({ config, weights: 'of-config', counts: 'kept', deployment })
  // What is read at once may be older than the write.
  for (let read = 1; read < READS && targetOf(await options.api.endpoint()) !== config; read++) {
    await options.sleep(PAUSE_MS)
  }
  return config
}

function deploymentOf(guardrails: GuardrailsOptions['guardrails']) {
  const { type, size, wait, alarms } = guardrails
  const step = { Type: 'CAPACITY_PERCENT', Value: size }
  const seconds = (milliseconds: number) => Math.round(milliseconds / 1000)
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: {
        Type: type === 'canary' ? 'CANARY' : 'LINEAR',
        WaitIntervalInSeconds: seconds(wait),
        ...(type === 'canary' ? { CanarySize: step } : { LinearStepSize: step }),
      },
      TerminationWaitInSeconds: seconds(guardrails['termination-wait']),
    },
    AutoRollbackConfiguration: { Alarms: alarms.map((AlarmName) => ({ AlarmName })) },
  }
}

/** A deployment that is under way is ended by its alarm, else waited for; what it has left is then taken back. */
async function goBack(options: GuardrailsOptions, roles: Roles): Promise<Split> {
  const { api, alarm } = options
  const names = namesOf(roles)
  const endpoint = await api.endpoint()
  const isMoving = endpoint.pending !== undefined && endpoint.status === 'Updating'
  if (isMoving && names.canary !== undefined) {
    // Without the alarm it still goes back, only later.
    await alarm?.().catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error
    })
  }
  return stateOf(options, await rollback(options, names), roles)
}

function changed({ api }: GuardrailsOptions, { weight }: Split): Error {
  return trafficProblems(api.title).changed({ weight })
}
