import * as z from 'zod'
import { cluster, ObjectName, timeout } from './kubernetes.js'

/** `deploy.istio`: a VirtualService. */
export const IstioTarget = z.strictObject({
  ...cluster,
  'virtual-service': ObjectName.describe('The VirtualService.'),
  route: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Only the http route of that name. Default: each route that sends to one of the versions.',
    ),
  by: z
    .enum(['subset', 'host'])
    .default('subset')
    .describe("What a version's name is: a `subset` of the destination, or its `host`."),
  timeout: timeout(30_000, 'How long Istio may take, where its status says what it has seen.'),
})
export type IstioTarget = z.output<typeof IstioTarget>
