import { invalid } from './refused.js'
import type { LiveVariant, UpdateInput } from './sagemaker-types.js'

export type Phase = 'creating' | 'activating' | 'baking' | 'rolling-back' | 'done' | 'failed'

interface Begin {
  readonly input: UpdateInput
  readonly variants: { readonly variants: LiveVariant[]; readonly shadows: LiveVariant[] }
  readonly slow: number
}

const STATUS = { creating: 'Creating', activating: 'ActivatingTraffic', baking: 'Baking' } as const

/** An update on its way: new instances, then a part of the users or all of them at once. */
export class FakeDeployment {
  readonly config: string
  readonly variants: LiveVariant[]
  readonly shadows: LiveVariant[]
  reason = ''
  private phase: Phase = 'creating'
  private left: number
  private readonly slow: number
  private readonly size: number | undefined
  private readonly alarms: readonly string[]

  constructor({ input, variants, slow }: Begin) {
    this.config = input.EndpointConfigName
    this.variants = variants.variants
    this.shadows = variants.shadows
    this.slow = slow
    this.left = slow
    const { BlueGreenUpdatePolicy: policy, AutoRollbackConfiguration } =
      input.DeploymentConfig ?? {}
    const routing = policy?.TrafficRoutingConfiguration
    const size = routing?.CanarySize?.Value ?? routing?.LinearStepSize?.Value
    if (routing?.Type === 'LINEAR' && (size === undefined || size < 10 || size > 50)) {
      throw invalid('LinearStepSize must be 10 to 50 percent.')
    }
    if (routing?.Type === 'CANARY' && (size === undefined || size > 50)) {
      throw invalid('CanarySize must be at most 50 percent.')
    }
    if (routing !== undefined && this.shadows.length > 0) {
      throw invalid('Deployment guardrails cannot be used with shadow variants.')
    }
    this.size = size
    this.alarms = (AutoRollbackConfiguration?.Alarms ?? []).map(({ AlarmName }) => AlarmName)
  }

  summary(): object {
    const status = this.phase in STATUS ? STATUS[this.phase as keyof typeof STATUS] : 'Deleting'
    return {
      PendingDeploymentSummary: {
        EndpointConfigName: this.config,
        ProductionVariants: this.variants.map(({ name, desired, count }) => ({
          VariantName: name,
          CurrentWeight: desired,
          DesiredWeight: desired,
          CurrentInstanceCount: count,
          VariantStatus: [{ Status: status }],
        })),
      },
    }
  }

  /** Who meets the new instances already. */
  users(): { readonly share: number; readonly variants: readonly LiveVariant[] } | undefined {
    const has = this.size !== undefined && ['activating', 'baking'].includes(this.phase)
    return has ? { share: (this.size ?? 0) / 100, variants: this.variants } : undefined
  }

  alarm(name: string): void {
    if (!this.alarms.includes(name)) return
    this.phase = 'rolling-back'
    this.left = this.slow
    this.reason = `Alarm ${name} went off.`
  }

  advance(broken: ReadonlySet<string>): Phase {
    this.left -= 1
    if (this.left > 0) return this.phase
    this.left = this.slow
    this.phase = this.next(broken)
    return this.phase
  }

  private next(broken: ReadonlySet<string>): Phase {
    const sick = [...this.variants, ...this.shadows].find(({ model }) => broken.has(model))
    if (this.phase === 'rolling-back') return 'failed'
    if (this.phase === 'creating' && sick !== undefined) {
      this.reason = `The container for production variant ${sick.name} did not pass the ping health check.`
      return 'failed'
    }
    if (this.size === undefined || this.phase === 'baking') return 'done'
    return this.phase === 'creating' ? 'activating' : 'baking'
  }
}
