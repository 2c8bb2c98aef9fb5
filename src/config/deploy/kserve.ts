import * as z from 'zod'
import { cluster, ObjectName, timeout } from './kubernetes.js'

/** `deploy.kserve`: an InferenceService in the mode Serverless. */
export const KserveTarget = z.strictObject({
  ...cluster,
  'inference-service': ObjectName.describe(
    "The InferenceService; a version is its model's storageUri.",
  ),
  timeout: timeout(900_000, 'How long a revision may take to load its model.'),
})
export type KserveTarget = z.output<typeof KserveTarget>
