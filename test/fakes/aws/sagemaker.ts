import { invalid, Refused } from './refused.js'
import { FakeDeployment, type Phase } from './sagemaker-deployment.js'
import type { Config, ConfigVariant, LiveVariant, UpdateInput } from './sagemaker-types.js'

const ARN = 'arn:aws:sagemaker:eu-central-1:123456789012'
const single = (weight: number) => Math.fround(weight)

/** One endpoint and its configurations. Each look at the endpoint is a while later. */
export class FakeSageMaker {
  readonly name = 'fraud'
  readonly models = new Set(['model-1', 'model-2', 'model-3'])
  /** Models whose containers never answer their health check. */
  readonly broken = new Set<string>()
  readonly configs = new Map<string, Config>()
  config = 'fraud-by-terraform'
  status = 'InService'
  failure = ''
  variants: LiveVariant[] = []
  shadows: LiveVariant[] = []
  deployment: FakeDeployment | undefined
  /** Looks that a change takes. */
  slow = 2
  /** Weights that are about to be in force. */
  private weighing: { left: number; weights: ReadonlyMap<string, number> } | undefined

  constructor() {
    const variant = {
      VariantName: 'v1',
      ModelName: 'model-1',
      InitialInstanceCount: 2,
      InstanceType: 'ml.m5.large',
      InitialVariantWeight: 1,
    }
    this.configs.set(this.config, {
      EndpointConfigName: this.config,
      ProductionVariants: [variant],
    })
    this.variants = [{ name: 'v1', model: 'model-1', current: 1, desired: 1, count: 3 }]
  }

  describe(name: string): object {
    this.require(name)
    this.advance()
    const summary = ({ name: VariantName, current, desired, count }: LiveVariant) => ({
      VariantName,
      CurrentWeight: current,
      DesiredWeight: desired,
      CurrentInstanceCount: count,
      DesiredInstanceCount: count,
    })
    const at = 1_763_942_400
    return {
      EndpointName: this.name,
      EndpointArn: `${ARN}:endpoint/${this.name}`,
      EndpointConfigName: this.config,
      EndpointStatus: this.status,
      CreationTime: at,
      LastModifiedTime: at,
      ...(this.failure === '' ? {} : { FailureReason: this.failure }),
      ProductionVariants: this.variants.map(summary),
      ...(this.shadows.length === 0 ? {} : { ShadowProductionVariants: this.shadows.map(summary) }),
      ...(this.deployment?.summary() ?? {}),
    }
  }

  describeConfig(name: string): object {
    const config = this.configs.get(name)
    if (config === undefined) throw invalid(`Could not find endpoint configuration "${name}".`)
    const { Tags: _tags, ...content } = config
    return {
      ...content,
      EndpointConfigArn: `${ARN}:endpoint-config/${name}`,
      CreationTime: 1_763_942_400,
    }
  }

  tags(arn: string): object {
    return { Tags: this.configs.get(arn.split('/').at(-1) ?? '')?.Tags ?? [] }
  }

  createConfig(config: Config): object {
    const { EndpointConfigName: name, ProductionVariants, ShadowProductionVariants = [] } = config
    const arn = `${ARN}:endpoint-config/${name}`
    if (this.configs.has(name)) {
      throw invalid(`Cannot create already existing endpoint configuration "${arn}".`)
    }
    const all = [...ProductionVariants, ...ShadowProductionVariants]
    if (new Set(all.map(({ VariantName }) => VariantName)).size !== all.length) {
      throw invalid('Variant names must be unique.')
    }
    const missing = all.find(({ ModelName = '' }) => !this.models.has(ModelName))
    if (missing !== undefined) {
      throw invalid(`Could not find model "${ARN}:model/${missing.ModelName}".`)
    }
    const isPair = ProductionVariants.length === 1 && ShadowProductionVariants.length === 1
    if (ShadowProductionVariants.length > 0 && !isPair) {
      throw invalid(
        'With shadow variants there can be one production variant and one shadow variant.',
      )
    }
    if (ProductionVariants.every(({ InitialVariantWeight }) => InitialVariantWeight === 0)) {
      throw invalid('At least one production variant must have a weight above 0.')
    }
    this.configs.set(name, config)
    return { EndpointConfigArn: arn }
  }

  update(name: string, input: UpdateInput): object {
    this.require(name)
    this.refuseBusy()
    const config = this.configs.get(input.EndpointConfigName)
    if (config === undefined) {
      throw invalid(`Could not find endpoint configuration "${input.EndpointConfigName}".`)
    }
    this.failure = ''
    this.status = 'Updating'
    this.deployment = new FakeDeployment({
      input,
      variants: this.newVariants(config, input),
      slow: this.slow,
    })
    return { EndpointArn: `${ARN}:endpoint/${this.name}` }
  }

  weigh(name: string, list: readonly { VariantName: string; DesiredWeight?: number }[]): object {
    this.require(name)
    this.refuseBusy()
    const names = list.map(({ VariantName }) => VariantName)
    const unknown = names.filter((one) => !this.variants.some((variant) => variant.name === one))
    if (unknown.length > 0) {
      throw invalid(
        `The variant name(s) "${unknown.join(', ')}" is/are not present within endpoint configuration "${this.config}".`,
      )
    }
    if (new Set(names).size !== names.length)
      throw invalid('The variant name was non-unique within the request.')
    const weights = new Map(this.variants.map(({ name: one, desired }) => [one, desired]))
    for (const { VariantName, DesiredWeight } of list) {
      if (DesiredWeight !== undefined) weights.set(VariantName, single(DesiredWeight))
    }
    if ([...weights.values()].every((weight) => weight === 0)) {
      throw invalid('At least one variant must have a weight above 0.')
    }
    for (const variant of this.variants) variant.desired = weights.get(variant.name) ?? 0
    this.status = 'Updating'
    this.weighing = { left: this.slow, weights }
    return { EndpointArn: `${ARN}:endpoint/${this.name}` }
  }

  /** Which variant answers a request, and which are sent a copy. */
  serve(point: number): { readonly user: string; readonly copies: readonly string[] } {
    const split = this.deployment?.users()
    const serving = split !== undefined && point < split.share ? split.variants : this.variants
    const sum = serving.reduce((all, { current }) => all + current, 0)
    let from = 0
    const user = serving.find(({ current }) => {
      from += current
      return point * sum < from
    })
    const copies = this.shadows.filter(({ current }) => point * sum < current)
    return { user: user?.name ?? '', copies: copies.map(({ name }) => name) }
  }

  alarm(name: string): void {
    this.deployment?.alarm(name)
  }

  private require(name: string): void {
    if (name !== this.name) throw invalid(`Could not find endpoint "${ARN}:endpoint/${name}".`)
  }

  private refuseBusy(): void {
    if (['InService', 'UpdateRollbackFailed'].includes(this.status)) return
    if (this.status === 'Failed') throw invalid('Cannot update a failed endpoint: delete it.')
    if (this.status === 'Deleting')
      throw new Refused(400, 'ValidationException', 'Endpoint is being deleted.')
    throw invalid(`Cannot update in-progress endpoint "${ARN}:endpoint/${this.name}".`)
  }

  private newVariants(
    config: Config,
    input: UpdateInput,
  ): Record<'variants' | 'shadows', LiveVariant[]> {
    const excluded = (input.ExcludeRetainedVariantProperties ?? []).map(
      (one) => one.VariantPropertyType,
    )
    const keeps = (type: string) =>
      input.RetainAllVariantProperties === true && !excluded.includes(type)
    const live = (now: readonly LiveVariant[]) => (variant: ConfigVariant) => {
      const old = now.find(({ name }) => name === variant.VariantName)
      const first = single(variant.InitialVariantWeight ?? 1)
      const weight = old && keeps('DesiredWeight') ? old.desired : first
      const count =
        old && keeps('DesiredInstanceCount') ? old.count : (variant.InitialInstanceCount ?? 1)
      const model = variant.ModelName ?? ''
      return { name: variant.VariantName, model, current: weight, desired: weight, count }
    }
    return {
      variants: config.ProductionVariants.map(live(this.variants)),
      shadows: (config.ShadowProductionVariants ?? []).map(live(this.shadows)),
    }
  }

  private advance(): void {
    if (this.weighing !== undefined) {
      this.weighing.left -= 1
      if (this.weighing.left > 0) return
      for (const variant of this.variants) variant.current = variant.desired
      this.weighing = undefined
      this.status = 'InService'
      return
    }
    const deployment = this.deployment
    if (deployment === undefined) return
    this.settle(deployment, deployment.advance(this.broken))
  }

  private settle(deployment: FakeDeployment, phase: Phase): void {
    if (phase === 'failed') {
      this.failure = deployment.reason
      this.status = 'InService'
      this.deployment = undefined
    } else if (phase === 'done') {
      this.config = deployment.config
      this.variants = deployment.variants
      this.shadows = deployment.shadows
      this.status = 'InService'
      this.deployment = undefined
    } else {
      this.status = phase === 'rolling-back' ? 'RollingBack' : 'Updating'
    }
  }
}
