import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  bothVariants,
  canaryAlone,
  type EndpointConfig,
  isNamedByUs,
  nameOfConfig,
  withInstances,
} from '../../../../../src/adapters/traffic/sagemaker/layout.js'
import { SAGEMAKER_NAME } from '../../../../../src/config/deploy/sagemaker.js'

const variant = (name: string, weight: number) => ({
  VariantName: name,
  ModelName: `model-${name}`,
  InstanceType: 'ml.m5.large',
  InitialInstanceCount: 2,
  InitialVariantWeight: weight,
})
const CONFIG: EndpointConfig = {
  ProductionVariants: [variant('v1', 1), variant('debug', 0.5)],
  KmsKeyId: 'key',
  DataCaptureConfig: { EnableCapture: true },
}
const MADE = { settings: { model: 'model-v2' }, instances: 4, title: 'endpoint fraud' }
const NAMES = { stable: 'v1', canary: 'v2' }

describe('a configuration for a rollout', () => {
  it('keeps everything else, and gives variants that nobody named no users', () => {
    const both = bothVariants(CONFIG, { ...NAMES, weight: 30, mirror: 0 }, MADE)
    expect(both).toEqual({
      ...CONFIG,
      ProductionVariants: [
        variant('debug', 0),
        variant('v1', 70),
        { ...variant('v2', 30), InitialInstanceCount: 4 },
      ],
    })
    const alone = canaryAlone(both, NAMES, MADE)
    expect(alone.ProductionVariants).toEqual([
      variant('debug', 0),
      { ...variant('v2', 1), InitialInstanceCount: 4 },
    ])
  })

  it('has another type and number of instances where they are said', () => {
    const settings = { 'instance-type': 'ml.g5.xlarge', instances: 1, model: 'other' }
    const both = bothVariants(CONFIG, { ...NAMES, weight: 0, mirror: 0 }, { ...MADE, settings })
    expect(both.ProductionVariants.at(-1)).toMatchObject({
      ModelName: 'other',
      InstanceType: 'ml.g5.xlarge',
      InitialInstanceCount: 1,
    })
  })

  it('counts no instances where the variant is serverless', () => {
    const serverless = { MemorySizeInMB: 2048, MaxConcurrency: 5 }
    const v1 = { VariantName: 'v1', ModelName: 'm', ServerlessConfig: serverless }
    const both = bothVariants(
      { ProductionVariants: [v1] },
      { ...NAMES, weight: 5, mirror: 0 },
      MADE,
    )
    expect(both.ProductionVariants.at(-1)).toEqual({
      VariantName: 'v2',
      ModelName: 'model-v2',
      ServerlessConfig: serverless,
      InitialVariantWeight: 5,
    })
  })

  it('never has fewer instances on the way back than it had', () => {
    const count = (instances: number) =>
      withInstances(CONFIG, 'v1', instances).ProductionVariants.map(
        ({ InitialInstanceCount }) => InitialInstanceCount,
      )
    expect([count(1), count(2), count(9)]).toEqual([
      [2, 2],
      [2, 2],
      [9, 2],
    ])
  })

  it('has a name that SageMaker takes, the same for the same content, in whatever order', () => {
    const origin = { before: 'c0', madeFor: 'rollout' } as const
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-zA-Z0-9](-{0,3}[a-zA-Z0-9]){0,30}$/).filter((s) => s.length < 64),
        fc.array(fc.tuple(fc.string(), fc.jsonValue()), { maxLength: 4 }),
        (endpoint, pairs) => {
          const rest = pairs.filter(([key]) => key !== '__proto__')
          const config = { ...CONFIG, ...Object.fromEntries(rest) }
          const reordered = { ...Object.fromEntries(rest.toReversed()), ...config }
          const name = nameOfConfig(endpoint, config, origin)
          expect(name).toMatch(SAGEMAKER_NAME)
          expect(isNamedByUs(name)).toBe(true)
          expect(nameOfConfig(endpoint, reordered, origin)).toBe(name)
          expect(nameOfConfig(endpoint, config, undefined)).not.toBe(name)
          expect(nameOfConfig(endpoint, { ...config, KmsKeyId: 'x' }, origin)).not.toBe(name)
        },
      ),
    )
  })
})
