export interface ConfigVariant {
  readonly VariantName: string
  readonly ModelName?: string
  readonly InitialInstanceCount?: number
  readonly InitialVariantWeight?: number
  readonly [key: string]: unknown
}

export interface Config {
  readonly EndpointConfigName: string
  readonly ProductionVariants: readonly ConfigVariant[]
  readonly ShadowProductionVariants?: readonly ConfigVariant[]
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[]
  readonly [key: string]: unknown
}

export interface LiveVariant {
  readonly name: string
  readonly model: string
  current: number
  desired: number
  count: number
}

export interface UpdateInput {
  readonly EndpointConfigName: string
  readonly RetainAllVariantProperties?: boolean
  readonly ExcludeRetainedVariantProperties?: readonly { readonly VariantPropertyType: string }[]
  readonly DeploymentConfig?: {
    readonly BlueGreenUpdatePolicy?: {
      readonly TrafficRoutingConfiguration: {
        readonly Type: string
        readonly WaitIntervalInSeconds: number
        readonly CanarySize?: { readonly Value: number }
        readonly LinearStepSize?: { readonly Value: number }
      }
    }
    readonly AutoRollbackConfiguration?: {
      readonly Alarms: readonly { readonly AlarmName: string }[]
    }
  }
}
