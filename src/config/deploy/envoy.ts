import * as z from 'zod'
import { Duration } from '../duration.js'

/** Parts of names that are the same in the configuration, in runtime keys and in the names of counters. */
export const ENVOY_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/

const Key = z.string().regex(ENVOY_NAME, 'must be a key of the runtime')

/** `deploy.envoy`: the weighted clusters of one Envoy, by the runtime keys of its admin API. */
export const EnvoyTarget = z.strictObject({
  admin: z
    .url({ protocol: /^https?$/ })
    .describe(
      'The address of the admin API, such as http://127.0.0.1:9901. It asks for no password: keep it off open networks.',
    ),
  'runtime-key-prefix': Key.describe(
    'The `runtime_key_prefix` of the `weighted_clusters`; a version is the name of one of the clusters. A layer `static_layer` gives each key its first value, and below it an `admin_layer` takes ours; what a start of Envoy would forget belongs into the former after a promotion.',
  ),
  mirror: z
    .strictObject({
      'runtime-key': Key.describe('The `runtime_key` of its `runtime_fraction`.'),
      cluster: Key.describe('Its `cluster`: the canary.'),
    })
    .optional()
    .describe('A `request_mirror_policies` of the same route, for copies of requests.'),
  origin: z
    .enum(['all', 'external', 'internal'])
    .default('all')
    .describe(
      'Which requests are those of users. Envoy counts the copies that it sends as `internal` ones: while it mirrors, and until the last copies are answered, only `external` requests tell what users met.',
    ),
  timeout: Duration.default(5000).describe('How long the admin API may take to answer.'),
})
export type EnvoyTarget = z.output<typeof EnvoyTarget>
