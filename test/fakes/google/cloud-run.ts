import type { Monitoring } from './monitoring.js'
import {
  type Answer,
  type Call,
  type Clock,
  found,
  maskProblem,
  type Operation,
  polled,
  refused,
} from './protocol.js'

interface Target {
  readonly type?: string
  readonly revision?: string
  readonly percent?: number
  readonly tag?: string
}

export const PLACE = 'projects/shop/locations/europe-west1'
const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST'
const BYTES = 256 * 1024

/** One service of Cloud Run: a change is wanted at once, and in force when its operation has been asked for some times. */
export class CloudRun {
  readonly revisions = new Map<
    string,
    'CONDITION_SUCCEEDED' | 'CONDITION_FAILED' | 'CONDITION_RECONCILING'
  >()
  traffic: readonly Target[] = [{ type: LATEST, percent: 100 }]
  statuses: readonly Target[] = [{ type: LATEST, percent: 100 }]
  annotations: Record<string, string> = {}
  latestReady = 'api-00001-abc'
  /** How often an operation is asked for before it is done. */
  polls = 2
  /** The next change is not put in force, and its operation ends so. */
  failNext:
    | { readonly code: number; readonly message: string; readonly inForce?: boolean }
    | undefined
  private condition: object = { type: 'Ready', state: 'CONDITION_SUCCEEDED' }
  private generation = 1
  private version = 1
  private running: Operation[] = []
  private finished = new Map<string, Operation>()
  private readonly monitoring: Monitoring
  private readonly clock: Clock

  constructor(clock: Clock, monitoring: Monitoring) {
    this.clock = clock
    this.monitoring = monitoring
    this.revisions.set('api-00001-abc', 'CONDITION_SUCCEEDED')
    this.revisions.set('api-00002-def', 'CONDITION_SUCCEEDED')
  }

  answer(call: Call): Answer {
    const { id, name } = call
    if (id.endsWith('operations.get')) return this.operation(name)
    if (id.endsWith('revisions.get')) return this.revision(name)
    if (name !== `${PLACE}/services/api`) {
      return refused(404, 'NOT_FOUND', `Resource '${name.split('/').at(-1)}' was not found`)
    }
    return id.endsWith('patch') ? this.patch(call) : found(this.document())
  }

  /** One user's request; `point` in [0, 1) draws the revision. */
  serve(point: number, answered = { status: 200, ms: 12 }): string {
    this.clock.now += 5
    let from = 0
    for (const { revision, percent = 0 } of this.statuses) {
      from += percent
      if (point * 100 >= from) continue
      const name = revision ?? this.latestReady
      this.monitoring.count('run', name, answered)
      return name
    }
    return 'nobody'
  }

  /** Another hand's change, in force at once. */
  write(traffic: readonly Target[]): void {
    this.traffic = traffic
    this.statuses = traffic
    this.version += 1
    this.generation += 1
  }

  private document(): object {
    // What was begun goes on, whoever asks.
    for (const operation of [...this.running]) polled(operation)
    const reconciling = this.running.length > 0
    return {
      name: `${PLACE}/services/api`,
      uid: '6b1f5a0e-0000-4000-8000-000000000001',
      generation: String(this.generation),
      observedGeneration: String(reconciling ? this.generation - 1 : this.generation),
      etag: `"v${this.version}"`,
      ...(Object.keys(this.annotations).length > 0 ? { annotations: this.annotations } : {}),
      template: { containers: [{ image: 'europe-docker.pkg.dev/shop/models/api@sha256:00' }] },
      traffic: this.traffic.map(written),
      trafficStatuses: this.statuses.map(written),
      latestReadyRevision: `${PLACE}/services/api/revisions/${this.latestReady}`,
      latestCreatedRevision: `${PLACE}/services/api/revisions/${[...this.revisions.keys()].at(-1)}`,
      uri: 'https://api-abcdef-ew.a.run.app',
      terminalCondition: reconciling
        ? { type: 'Ready', state: 'CONDITION_RECONCILING' }
        : this.condition,
      ...(reconciling ? { reconciling } : {}),
    }
  }

  private revision(name: string): Answer {
    const state = this.revisions.get(name.split('/').at(-1) ?? '')
    if (state === undefined) return refused(404, 'NOT_FOUND', `Resource '${name}' was not found`)
    const why =
      state === 'CONDITION_FAILED'
        ? {
            revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR',
            message: 'The container failed to start.',
          }
        : {}
    return found({ name, conditions: [{ type: 'Ready', state, ...why }] })
  }

  private patch(call: Call): Answer {
    const body = call.body as {
      etag?: string
      traffic?: Target[]
      annotations?: Record<string, string>
    }
    const problem = maskProblem(call, ['traffic', 'annotations']) ?? this.stale(body.etag)
    if (problem !== undefined) return problem
    const refusal =
      call.query.get('updateMask') === 'traffic'
        ? this.setTraffic(body.traffic ?? [])
        : this.setAnnotations(body.annotations ?? {})
    return refusal ?? this.begin()
  }

  private stale(etag: string | undefined): Answer | undefined {
    if (etag === undefined || etag === `"v${this.version}"`) return undefined
    const message = `Conflict for resource 'api': version '${etag}' was specified but current version is '"v${this.version}"'.`
    return refused(409, 'ABORTED', message)
  }

  private setTraffic(traffic: readonly Target[]): Answer | undefined {
    const invalid = (message: string) => refused(400, 'INVALID_ARGUMENT', message)
    if (traffic.reduce((sum, { percent = 0 }) => sum + percent, 0) !== 100) {
      return invalid('traffic: Revision traffic percentages must sum to 100')
    }
    const tags = traffic.flatMap(({ tag }) => (tag === undefined ? [] : [tag]))
    if (new Set(tags).size < tags.length) return invalid('traffic: tags must be unique')
    for (const { type, revision, percent = 0 } of traffic) {
      if (!Number.isInteger(percent) || percent < 0 || percent > 100) return invalid('percent')
      if (type === LATEST ? revision !== undefined : revision === undefined) return invalid('type')
      if (revision === undefined) continue
      const state = this.revisions.get(revision)
      if (state === undefined) return refused(404, 'NOT_FOUND', `Revision '${revision}' not found`)
      if (percent > 0 && state !== 'CONDITION_SUCCEEDED') {
        return refused(400, 'FAILED_PRECONDITION', `Revision '${revision}' is not ready.`)
      }
    }
    this.traffic = traffic
    return undefined
  }

  private setAnnotations(annotations: Record<string, string>): Answer | undefined {
    const reserved = /^(run|cloud)\.googleapis\.com\/|^(serving|autoscaling)\.knative\.dev\//
    if (Object.keys(annotations).some((key) => reserved.test(key))) {
      return refused(400, 'INVALID_ARGUMENT', 'annotations: reserved namespace')
    }
    if (JSON.stringify(annotations).length > BYTES) {
      return refused(400, 'INVALID_ARGUMENT', 'annotations: too long')
    }
    this.annotations = annotations
    return undefined
  }

  private begin(): Answer {
    this.generation += 1
    this.version += 1
    const failure = this.failNext
    this.failNext = undefined
    const finish = () => {
      this.running = this.running.filter((one) => one !== operation)
      if (this.finished.has(operation.name)) return
      this.finished.set(operation.name, operation)
      if (failure === undefined || failure.inForce === true) this.statuses = this.traffic
      this.condition =
        failure === undefined
          ? { type: 'Ready', state: 'CONDITION_SUCCEEDED' }
          : { type: 'Ready', state: 'CONDITION_FAILED', message: failure.message }
    }
    const operation: Operation = {
      name: `${PLACE}/operations/op-${this.generation}`,
      polls: this.polls,
      metadata: { '@type': 'type.googleapis.com/google.cloud.run.v2.Service' },
      response: { '@type': 'type.googleapis.com/google.cloud.run.v2.Service' },
      error: failure && { code: failure.code, message: failure.message },
      finish,
    }
    this.running.push(operation)
    const { name, metadata } = operation
    return found({ name, metadata })
  }

  private operation(name: string): Answer {
    const operation = this.running.find((one) => one.name === name) ?? this.finished.get(name)
    if (operation === undefined) return refused(404, 'NOT_FOUND', `Operation '${name}' not found`)
    return found(polled(operation))
  }
}

/** JSON leaves 0 and empty texts out. */
function written({ percent = 0, ...target }: Target): object {
  return percent === 0 ? target : { ...target, percent }
}
