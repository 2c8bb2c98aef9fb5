import * as z from 'zod'
import { type Aws, AwsRefusal, awsOperation } from '../../../clouds/aws.js'
import { type EndpointConfig, isNamedByUs } from './layout.js'
import { notUnderstood } from './problems.js'

const Variant = z.object({
  VariantName: z.string(),
  CurrentWeight: z.number().nullish(),
  DesiredWeight: z.number().nullish(),
  CurrentInstanceCount: z.number().nullish(),
  VariantStatus: z.array(z.object({ Status: z.string() })).nullish(),
})
export type Variant = z.output<typeof Variant>

const Endpoint = z.object({
  EndpointConfigName: z.string().default(''),
  EndpointStatus: z.string(),
  FailureReason: z.string().nullish(),
  ProductionVariants: z.array(Variant).nullish(),
  ShadowProductionVariants: z.array(Variant).nullish(),
  PendingDeploymentSummary: z
    .object({
      EndpointConfigName: z.string(),
      ProductionVariants: z.array(Variant).nullish(),
    })
    .nullish(),
})

export interface Endpoint {
  readonly config: string
  readonly status: string
  readonly failure: string
  readonly variants: readonly Variant[]
  readonly shadows: readonly Variant[]
  readonly pending: { readonly config: string; readonly variants: readonly Variant[] } | undefined
}

const Config = z.looseObject({
  EndpointConfigArn: z.string(),
  ProductionVariants: z.array(z.looseObject({ VariantName: z.string() })),
})
const Tags = z.object({ Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).nullish() })

/** Tags of a configuration that we have made: the one that the endpoint had before, and what it was made for. */
const BEFORE = 'modelway:before'
const MADE_FOR = 'modelway:made-for'

export interface Origin {
  readonly before: string
  readonly madeFor: 'rollout' | 'promotion'
}

export interface Update {
  readonly config: string
  /** Which weights count: those of the endpoint, or those of the configuration. */
  readonly weights: 'kept' | 'of-config'
  /** Whether instance counts are kept too. */
  readonly counts: 'kept' | 'of-config'
  readonly deployment?: Readonly<Record<string, unknown>> | undefined
}

export interface SageMakerApi {
  /** For messages. */
  readonly title: string
  endpoint(): Promise<Endpoint>
  config(name: string): Promise<EndpointConfig>
  /** Where a configuration of ours comes from; undefined for others. */
  origin(config: string): Promise<Origin | undefined>
  /** Makes a configuration, unless it is there; its name says what is in it. */
  make(name: string, config: EndpointConfig, origin: Origin | undefined): Promise<void>
  update(update: Update): Promise<void>
  weigh(weights: Readonly<Record<string, number>>): Promise<void>
}

export function createSageMakerApi(aws: Aws, endpointName: string): SageMakerApi {
  const title = `endpoint ${endpointName}`
  const call = async <T>(operation: string, input: object, answer: z.ZodType<T>): Promise<T> => {
    const said = await aws.send(awsOperation(`SageMaker.${operation}`, '1.1', input))
    const parsed = answer.safeParse(said)
    if (!parsed.success) throw notUnderstood(`SageMaker, ${title}`)
    return parsed.data
  }
  const config = (name: string) =>
    call('DescribeEndpointConfig', { EndpointConfigName: name }, Config)
  return {
    title,
    endpoint: async () =>
      endpointOf(await call('DescribeEndpoint', { EndpointName: endpointName }, Endpoint)),
    config: async (name) => {
      const { EndpointConfigArn: _arn, ...rest } = await config(name)
      const { EndpointConfigName: _name, CreationTime: _time, ...content } = rest
      return content
    },
    origin: async (name) => {
      if (!isNamedByUs(name)) return undefined
      const { EndpointConfigArn } = await config(name)
      const { Tags: tags } = await call('ListTags', { ResourceArn: EndpointConfigArn }, Tags)
      const tag = (key: string) => tags?.find(({ Key }) => Key === key)?.Value
      const before = tag(BEFORE)
      if (before === undefined) return undefined
      return { before, madeFor: tag(MADE_FOR) === 'promotion' ? 'promotion' : 'rollout' }
    },
    make: async (name, content, origin) => {
      const input = { ...content, EndpointConfigName: name, ...tagsOf(origin) }
      try {
        await call('CreateEndpointConfig', input, z.unknown())
      } catch (error) {
        if (!isRefused(error, /already exist/i)) throw error
      }
    },
    update: async (update) => {
      await call('UpdateEndpoint', updateInput(endpointName, update), z.unknown())
    },
    weigh: async (weights) => {
      const input = {
        EndpointName: endpointName,
        DesiredWeightsAndCapacities: Object.entries(weights).map(([name, weight]) => ({
          VariantName: name,
          DesiredWeight: weight,
        })),
      }
      await call('UpdateEndpointWeightsAndCapacities', input, z.unknown())
    },
  }
}

function tagsOf(origin: Origin | undefined) {
  if (origin === undefined) return {}
  const { before, madeFor } = origin
  return {
    Tags: [
      { Key: BEFORE, Value: before },
      { Key: MADE_FOR, Value: madeFor },
    ],
  }
}

function updateInput(endpointName: string, { config, weights, counts, deployment }: Update) {
  const isKept = weights === 'kept' || counts === 'kept'
  const excluded = [
    ...(weights === 'kept' ? [] : ['DesiredWeight']),
    ...(counts === 'kept' ? [] : ['DesiredInstanceCount']),
  ]
  return {
    EndpointName: endpointName,
    EndpointConfigName: config,
    RetainAllVariantProperties: isKept,
    ...(isKept && excluded.length > 0
      ? {
          ExcludeRetainedVariantProperties: excluded.map((type) => ({
            VariantPropertyType: type,
          })),
        }
      : {}),
    ...(deployment === undefined ? {} : { DeploymentConfig: deployment }),
  }
}

function endpointOf(answer: z.output<typeof Endpoint>): Endpoint {
  const { PendingDeploymentSummary: pending } = answer
  return {
    config: answer.EndpointConfigName,
    status: answer.EndpointStatus,
    failure: answer.FailureReason ?? '',
    variants: answer.ProductionVariants ?? [],
    shadows: answer.ShadowProductionVariants ?? [],
    pending: pending
      ? { config: pending.EndpointConfigName, variants: pending.ProductionVariants ?? [] }
      : undefined,
  }
}

function isRefused(error: unknown, message: RegExp): boolean {
  return error instanceof AwsRefusal && message.test(error.failure.message)
}

/** Whether SageMaker has refused a change since another one is still under way. */
export function isInProgress(error: unknown): boolean {
  return isRefused(error, /in[- ]progress|(?:is|being) updat|status (?:is )?updating/i)
}
