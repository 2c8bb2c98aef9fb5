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

const NAME = 'projects/shop/locations/europe-west1/endpoints/77'
const TYPE = 'type.googleapis.com/google.cloud.aiplatform.v1'

interface Deployed {
  readonly id?: string
  readonly model?: string
  readonly dedicatedResources?: {
    readonly machineSpec?: { readonly machineType?: string }
    readonly minReplicaCount?: number
    readonly maxReplicaCount?: number
  }
}

/** One endpoint of Vertex AI; deployments take some polls, a change of the split none. */
export class VertexAi {
  split: Readonly<Record<string, number>> = { '1': 100 }
  deployed: readonly Deployed[] = [
    { id: '1', model: 'projects/123/locations/europe-west1/models/churn' },
    { id: '2', model: 'projects/123/locations/europe-west1/models/churn' },
  ]
  polls = 2
  failNext: { readonly code: number; readonly message: string } | undefined
  /** The next changes of the split are answered, and not kept: by so many. */
  forgets = 0
  private version = 1
  private operations: Operation[] = []
  private readonly monitoring: Monitoring
  private readonly clock: Clock

  constructor(clock: Clock, monitoring: Monitoring) {
    this.clock = clock
    this.monitoring = monitoring
  }

  answer(call: Call): Answer {
    const { id, name } = call
    if (id.endsWith('operations.get')) {
      const operation = this.operations.find((one) => one.name === name)
      return operation === undefined
        ? refused(404, 'NOT_FOUND', 'Operation not found.')
        : found(polled(operation))
    }
    if (name !== NAME) return refused(404, 'NOT_FOUND', `Endpoint \`${name}\` is not found.`)
    if (id.endsWith('deployModel')) return this.deploy(call)
    return id.endsWith('patch') ? this.patch(call) : found(this.document())
  }

  /** One user's request; `point` in [0, 1) draws the deployed model. */
  serve(point: number, answered = { status: 200, ms: 12 }): string {
    this.clock.now += 5
    let from = 0
    for (const [id, percent] of Object.entries(this.split)) {
      from += percent
      if (point * 100 >= from) continue
      this.monitoring.count('vertex', id, answered)
      return id
    }
    return 'nobody'
  }

  /** Another hand's change. */
  write(split: Readonly<Record<string, number>>): void {
    this.split = split
    this.version += 1
  }

  private document(): object {
    // What was begun goes on, whoever asks.
    for (const operation of this.operations) polled(operation)
    const some = Object.entries(this.split).filter(([, percent]) => percent > 0)
    return {
      name: NAME,
      displayName: 'churn',
      etag: `AMEw9y${this.version}`,
      deployedModels: this.deployed,
      ...(some.length > 0 ? { trafficSplit: Object.fromEntries(some) } : {}),
    }
  }

  private patch(call: Call): Answer {
    const { etag, trafficSplit = {} } = call.body as {
      etag?: string
      trafficSplit?: Record<string, number>
    }
    const problem = maskProblem(call, ['trafficSplit'])
    if (problem !== undefined) return problem
    if (etag !== undefined && etag !== `AMEw9y${this.version}`) {
      return refused(409, 'ABORTED', 'The etag does not match the current one of the endpoint.')
    }
    const refusal = this.checked(trafficSplit)
    if (refusal !== undefined) return refusal
    this.version += 1
    if (this.forgets > 0) this.forgets -= 1
    else this.split = trafficSplit
    return found(this.document())
  }

  private checked(split: Readonly<Record<string, number>>): Answer | undefined {
    const invalid = (message: string) => refused(400, 'INVALID_ARGUMENT', message)
    const entries = Object.entries(split)
    if (entries.reduce((sum, [, percent]) => sum + percent, 0) !== 100) {
      return invalid('The traffic percentage values must add up to 100.')
    }
    if (entries.some(([, percent]) => percent < 0 || percent > 100)) return invalid('percentage')
    const unknown = entries.find(([id]) => !this.deployed.some((one) => one.id === id))
    return unknown && invalid(`DeployedModel ${unknown[0]} is not found in the endpoint.`)
  }

  private deploy(call: Call): Answer {
    const { deployedModel = {} } = call.body as { deployedModel?: Deployed }
    const { id = '', model = '', dedicatedResources = {} } = deployedModel
    const invalid = (message: string) => refused(400, 'INVALID_ARGUMENT', message)
    if (!/^[0-9]{1,10}$/.test(id)) return invalid('deployed_model.id')
    if (!/\/models\/churn(@|$)/.test(model)) {
      return refused(404, 'NOT_FOUND', `The Model ${model} does not exist.`)
    }
    const {
      machineSpec,
      minReplicaCount = 0,
      maxReplicaCount = minReplicaCount,
    } = dedicatedResources
    if (machineSpec?.machineType === undefined) return invalid('machine_spec')
    if (minReplicaCount < 1 || maxReplicaCount < minReplicaCount) return invalid('replica_count')
    if (this.deployed.some((one) => one.id === id)) {
      return refused(409, 'ALREADY_EXISTS', `DeployedModel ${id} already exists.`)
    }
    return this.begin(deployedModel)
  }

  private begin(deployedModel: Deployed): Answer {
    const error = this.failNext
    this.failNext = undefined
    const { version } = this
    const operation: Operation = {
      name: `${NAME}/operations/${1000 + this.operations.length}`,
      polls: this.polls,
      metadata: { '@type': `${TYPE}.DeployModelOperationMetadata` },
      response: { '@type': `${TYPE}.DeployModelResponse` },
      error,
      finish: () => {
        const isNew = !this.deployed.some(({ id }) => id === deployedModel.id)
        if (error !== undefined || !isNew) return
        this.deployed = [...this.deployed, deployedModel]
        this.version = version + 1
      },
    }
    this.operations.push(operation)
    const { name, metadata } = operation
    return found({ name, metadata })
  }
}
