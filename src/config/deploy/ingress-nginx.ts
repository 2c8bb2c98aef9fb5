import * as z from 'zod'
import { cluster, ObjectName } from './kubernetes.js'

/** `deploy.ingress-nginx`: the canary annotations of a second Ingress. */
export const IngressNginxTarget = z.strictObject({
  ...cluster,
  ingress: ObjectName.describe(
    'The Ingress that users meet; a version is the name of its Service.',
  ),
  'canary-ingress': ObjectName.optional().describe(
    'The second Ingress, made where it is missing. Default: `<ingress>-canary`.',
  ),
})
export type IngressNginxTarget = z.output<typeof IngressNginxTarget>
