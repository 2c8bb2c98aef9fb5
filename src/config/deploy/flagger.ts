import * as z from 'zod'
import { cluster, ObjectName, timeout } from './kubernetes.js'
import { versionField } from './version-field.js'

/** `deploy.flagger`: a Canary of a Deployment that Flagger divides by weights. */
export const FlaggerTarget = z.strictObject({
  ...cluster,
  canary: ObjectName.describe(
    "The Canary. Flagger's own weights (`stepWeights`) are those of `steps`; a version is an image of its target, or the value of `env`.",
  ),
  ...versionField,
  timeout: timeout(
    3_600_000,
    'How long Flagger may take to its next weight, or, by its own analysis, to promote.',
  ),
})
export type FlaggerTarget = z.output<typeof FlaggerTarget>
