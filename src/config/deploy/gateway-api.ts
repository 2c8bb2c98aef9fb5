import * as z from 'zod'
import { cluster, ObjectName, timeout } from './kubernetes.js'

/** `deploy.gateway-api`: an HTTPRoute of the Kubernetes Gateway API. */
export const GatewayApiTarget = z.strictObject({
  ...cluster,
  route: ObjectName.describe(
    'The HTTPRoute; a version is the name of its Service, which has the port of the other.',
  ),
  rule: z
    .string()
    .min(1)
    .optional()
    .describe('Only the rule of that name. Default: each rule that sends to one of the versions.'),
  timeout: timeout(60_000, 'How long the gateway may take to say that a change is in force.'),
})
export type GatewayApiTarget = z.output<typeof GatewayApiTarget>
