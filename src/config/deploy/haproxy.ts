import * as z from 'zod'
import { Duration } from '../duration.js'

/** What HAProxy itself lets a proxy or a server be called: none of it ends a command. */
export const HAPROXY_NAME = /^[A-Za-z0-9_.:-]{1,255}$/

/** `deploy.haproxy`: the servers of one backend, by HAProxy's runtime API. */
export const HaproxyTarget = z.strictObject({
  socket: z
    .string()
    .regex(/^(\/.+|[^/\s]+:\d{1,5})$/, 'must be the path of a socket, or host:port')
    .describe(
      'The runtime API: the absolute path of the `stats socket`, or its `host:port`; `level admin`. It asks for no password: keep it off open networks.',
    ),
  backend: z
    .string()
    .regex(HAPROXY_NAME, 'must be the name of a backend')
    .describe(
      'The backend; a version is the name of one of its servers. Its `balance` must take weights at run time (roundrobin, leastconn, random), and neither cookies nor stick tables may bind users to a server.',
    ),
  'state-file': z
    .string()
    .min(1)
    .optional()
    .describe(
      "Where the weights are kept for HAProxy's next start or reload, which would forget them: the file that `server-state-file` names, with `load-server-state-from-file global` in the backend.",
    ),
  timeout: Duration.default(5000).describe('How long the runtime API may take to answer.'),
})
export type HaproxyTarget = z.output<typeof HaproxyTarget>
