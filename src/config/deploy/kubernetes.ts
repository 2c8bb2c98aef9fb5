import * as z from 'zod'
import { Duration } from '../duration.js'

/** RFC 1123 subdomain. */
const PATTERN = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/

/** The name of an object of Kubernetes. */
export const ObjectName = z.string().regex(PATTERN, 'must be the name of an object of Kubernetes')

/** Where a cluster is found; part of each target in one. */
export const cluster = {
  kubeconfig: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The kubeconfig's path. Default: KUBECONFIG, else ~/.kube/config, else the pod's service account.",
    ),
  context: z
    .string()
    .min(1)
    .optional()
    .describe("The kubeconfig's context. Default: its current one."),
  namespace: ObjectName.optional().describe('The namespace. Default: that of the context.'),
}

/** How long a cluster may take to say that a change is in force. */
export function timeout(milliseconds: number, what: string) {
  return Duration.default(milliseconds).describe(what)
}
