import * as z from 'zod'
import { Duration } from '../duration.js'
import { awsPlace } from './aws.js'

/** Names of endpoints, variants and endpoint configurations. */
export const SAGEMAKER_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/

const Name = z.string().regex(SAGEMAKER_NAME, 'must be a name of SageMaker')

const seconds = (milliseconds: number, most: number, what: string) =>
  Duration.default(milliseconds)
    .refine((value) => value <= most, `must be at most ${most / 1000}s`)
    .describe(what)

const Guardrails = z.strictObject({
  type: z
    .enum(['canary', 'linear'])
    .default('canary')
    .describe('`canary`: first `size`, then all; `linear`: by `size` at a time.'),
  size: z
    .int()
    .min(1)
    .max(50)
    .default(10)
    .describe('Percent of the capacity that a step moves; 10 to 50 where it is `linear`.'),
  wait: seconds(600_000, 3_600_000, 'How long SageMaker watches the alarms at each step.'),
  'termination-wait': seconds(
    600_000,
    3_600_000,
    'How long the old instances are kept after the last step.',
  ),
  alarms: z
    .array(z.string().min(1).max(255))
    .min(1)
    .max(10)
    .describe('Alarms of CloudWatch: one that goes off takes the new version back.'),
  'stop-alarm': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe(
      'One of the alarms, which a rollback sets off (cloudwatch:SetAlarmState): SageMaker knows no other way to stop a deployment, and users would meet the new version until it has ended.',
    ),
})

/** `deploy.sagemaker`: the variants of a real-time endpoint. */
export const SageMakerTarget = z
  .strictObject({
    ...awsPlace,
    'endpoint-name': Name.describe(
      'The endpoint; the `name` of a version is the name of its production variant.',
    ),
    canary: z
      .strictObject({
        model: Name.optional().describe(
          'The model of SageMaker that a new variant serves. Default: named as the variant.',
        ),
        'instance-type': z
          .string()
          .regex(/^ml\.[a-z0-9.-]{1,40}$/, 'must be a type such as ml.m5.xlarge')
          .optional()
          .describe("Default: that of stable's variant."),
        instances: z
          .int()
          .min(1)
          .optional()
          .describe('Default: as many as the variant of stable has when the rollout begins.'),
      })
      .default({})
      .describe(
        "How the canary's variant is made where the endpoint has none: a copy of stable's, but for this.",
      ),
    shadow: z
      .boolean()
      .default(false)
      .describe(
        'Whether deploy.mirror is done by a shadow variant. Each change between shadow and canary starts new instances, which takes minutes.',
      ),
    guardrails: Guardrails.optional().describe(
      "SageMaker's own deployment guardrails (blue/green with alarms) move the traffic; ours is the evidence that ends it.",
    ),
    timeout: Duration.default(2_400_000).describe(
      'How long SageMaker may take for one change, instances and models included.',
    ),
  })
  .refine(({ shadow, guardrails }) => !(shadow && guardrails !== undefined), {
    error: 'guardrails cannot be used with shadow variants',
    path: ['guardrails'],
  })
  .refine(({ guardrails }) => guardrails?.type !== 'linear' || guardrails.size >= 10, {
    error: 'must be 10 to 50 where the type is linear',
    path: ['guardrails', 'size'],
  })
  .refine(
    ({ guardrails }) => {
      const stop = guardrails?.['stop-alarm']
      return stop === undefined || guardrails?.alarms.includes(stop) === true
    },
    { error: 'must be one of the alarms', path: ['guardrails', 'stop-alarm'] },
  )
export type SageMakerTarget = z.output<typeof SageMakerTarget>
