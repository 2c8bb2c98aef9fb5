import * as z from 'zod'
import { cluster, ObjectName, timeout } from './kubernetes.js'
import { versionField } from './version-field.js'

/** `deploy.argo-rollouts`: a Rollout with a canary strategy, driven by its own steps. */
export const ArgoRolloutsTarget = z.strictObject({
  ...cluster,
  rollout: ObjectName.describe(
    'The Rollout. Its steps wait (`pause: {}`) at 0 and at each weight of `steps`; a version is an image, or the value of `env`.',
  ),
  ...versionField,
  timeout: timeout(
    900_000,
    'How long a step may take until its pods are there and its weight is taken.',
  ),
})
export type ArgoRolloutsTarget = z.output<typeof ArgoRolloutsTarget>
