import * as z from 'zod'
import { Duration } from '../duration.js'

const OWN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/
/** A service, with its provider where it is another than the file. */
export const TRAEFIK_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}(@[a-z0-9-]{1,40})?$/

/** `deploy.traefik`: a weighted service in a file of our own, for Traefik's file provider. */
export const TraefikTarget = z.strictObject({
  file: z
    .string()
    .regex(/^\/.+\.ya?ml$/, 'must be an absolute path that ends with .yml or .yaml')
    .describe(
      'The dynamic configuration that is written: a file of its own in the folder that `providers.file.directory` names, with `watch`.',
    ),
  service: z
    .string()
    .regex(OWN_NAME, 'must be the name of a service')
    .describe(
      'The service that is defined in it, which the router of users names; a version is the name of a service too, such as `model-1`, or `model-1@docker`.',
    ),
  api: z
    .url({ protocol: /^https?$/ })
    .describe(
      "The address of Traefik's API, such as http://127.0.0.1:8080. It asks for no password: keep it off open networks.",
    ),
  metrics: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where Traefik counts (`metrics.prometheus`); without it `/metrics` of the API. More `buckets` than its own (0.1, 0.3, 1.2 and 5 s) tell more of latencies.',
    ),
  'copies-suffix': z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,40}$/, 'must be letters, digits, and - _ . only')
    .optional()
    .describe(
      'What is put behind the name of a version to name the service that gets its copies, such as `-copies`: the same servers, counted by themselves, with a short `responseHeaderTimeout`. Without it copies count as requests of users, and while they are sent it is not known what users met.',
    ),
  timeout: Duration.default(15_000).describe('How long Traefik may take to follow the file.'),
})
export type TraefikTarget = z.output<typeof TraefikTarget>
