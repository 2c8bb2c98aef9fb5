import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'

const schema = JSON.parse(
  readFileSync(new URL('./online-endpoint.schema.json', import.meta.url), 'utf8'),
)
const isEndpoint = new Ajv({ allErrors: true }).compile(schema)

type Shares = Record<string, number>

export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

interface Writable {
  readonly location: string
  readonly properties: {
    readonly traffic?: Shares
    readonly mirrorTraffic?: Shares
    readonly compute?: string
  }
}

/** What a test may turn. */
export interface MachineLearningFaults {
  /** How many times a change is asked about before it is done. */
  polls: number
  /** How the next change ends. */
  ends: 'Succeeded' | 'Failed'
}

/** An online endpoint and its deployments: takes one change at a time, which is in force some questions later. */
export class OnlineEndpointFake {
  readonly deployments = new Map<string, string>([
    ['blue', 'Succeeded'],
    ['green', 'Succeeded'],
    ['young', 'Creating'],
  ])
  readonly faults: MachineLearningFaults = { polls: 2, ends: 'Succeeded' }
  /** Everything that was written and taken. */
  readonly writes: unknown[] = []
  #endpoint: Writable & Record<string, unknown>
  #under: { readonly next: Writable; left: number; readonly id: string } | undefined
  #state = 'Succeeded'
  readonly #operations = new Map<string, string>()

  constructor(endpoint: Writable & Record<string, unknown>) {
    this.#endpoint = endpoint
  }

  get traffic(): Shares {
    return this.#endpoint.properties.traffic ?? {}
  }

  get mirrorTraffic(): Shares {
    return this.#endpoint.properties.mirrorTraffic ?? {}
  }

  /** As another hand changes it, at once. */
  change(properties: Partial<Writable['properties']>): void {
    this.#endpoint = {
      ...this.#endpoint,
      properties: { ...this.#endpoint.properties, ...properties },
    }
  }

  get(): object {
    this.#goOn()
    return {
      ...this.#endpoint,
      id: '/subscriptions/x',
      name: 'churn',
      type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
      systemData: { lastModifiedBy: 'somebody' },
      properties: {
        ...this.#endpoint.properties,
        keys: null,
        scoringUri: 'https://churn.westeurope.inference.ml.azure.com/score',
        swaggerUri: null,
        provisioningState: this.#state,
      },
    }
  }

  put(body: unknown): Refusal | { readonly operation: string } {
    if (!isEndpoint(body)) return invalid(JSON.stringify(isEndpoint.errors))
    if (this.#under !== undefined) {
      return { status: 409, code: 'Conflict', message: 'Another operation is in progress.' }
    }
    const next = body as unknown as Writable
    const wrong = this.#wrongTraffic(next)
    if (wrong !== undefined) return invalid(wrong)
    const id = `operation-${this.writes.length}`
    this.writes.push(body)
    this.#under = { next, left: this.faults.polls, id }
    this.#state = 'Updating'
    this.#operations.set(id, 'InProgress')
    return { operation: id }
  }

  operation(id: string): string | undefined {
    this.#goOn()
    return this.#operations.get(id)
  }

  /** The deployment that a request goes to. */
  route(random: number): string | undefined {
    let sum = 0
    for (const [name, part] of Object.entries(this.traffic)) {
      sum += part
      if (random * 100 < sum) return name
    }
    return undefined
  }

  #goOn(): void {
    const under = this.#under
    if (under === undefined) return
    under.left--
    if (under.left > 0) return
    this.#under = undefined
    this.#state = this.faults.ends
    this.#operations.set(under.id, this.faults.ends)
    if (this.faults.ends === 'Succeeded') this.#endpoint = { ...this.#endpoint, ...under.next }
    this.faults.ends = 'Succeeded'
  }

  #wrongTraffic({ properties }: Writable): string | undefined {
    const { traffic = {}, mirrorTraffic = {}, compute } = properties
    const names = [...Object.keys(traffic), ...Object.keys(mirrorTraffic)]
    const unknown = names.find((name) => !this.deployments.has(name))
    if (unknown !== undefined) return `Deployment ${unknown} does not exist.`
    const total = sum(traffic)
    if (total !== 100 && total !== 0) return `Traffic adds up to ${total}, not to 100 or 0.`
    const copies = Object.entries(mirrorTraffic).filter(([, part]) => part > 0)
    if (copies.length > 1) return 'Only one deployment can be mirrored to.'
    if (sum(mirrorTraffic) > 50) return 'Mirror traffic is at most 50.'
    if (copies.length > 0 && compute !== undefined) return 'No mirror traffic on Kubernetes.'
    const both = copies.find(([name]) => (traffic[name] ?? 0) > 0)
    return both && `Deployment ${both[0]} has live and mirror traffic.`
  }
}

function sum(shares: Shares): number {
  return Object.values(shares).reduce((total, part) => total + part, 0)
}

function invalid(message: string): Refusal {
  return { status: 400, code: 'ValidationError', message }
}
