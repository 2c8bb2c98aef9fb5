import * as z from 'zod'
import { cluster, ObjectName, timeout } from './kubernetes.js'

/** `deploy.deployments`: two Deployments behind one Service, divided by replicas. */
export const DeploymentsTarget = z.strictObject({
  ...cluster,
  service: ObjectName.describe(
    'The Service whose selector matches the pods of both; it keeps the record of the rollout. A version is the name of its Deployment.',
  ),
  replicas: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'Pods of both versions together; weights come in steps of one. Default: as many as there are.',
    ),
  timeout: timeout(300_000, 'How long pods may take to be ready.'),
})
export type DeploymentsTarget = z.output<typeof DeploymentsTarget>
