import * as z from 'zod'
import { Duration } from '../duration.js'

/** `deploy.caddy`: a file that Caddy reads at each request, so that no change of weights reloads it. */
export const CaddyTarget = z.strictObject({
  admin: z
    .url({ protocol: /^https?$/ })
    .describe(
      'The address of the admin API, such as http://127.0.0.1:2019, where the configuration is read and never changed. It asks for no password: keep it off open networks.',
    ),
  file: z
    .string()
    .regex(/^\/[^{}\s"\\]+$/, 'must be an absolute path without braces or blanks')
    .describe(
      'The file that says how requests are divided. Caddy reads it at each request: `vars split {file.<path>}`, and a route with `expression {http.request.uuid} < {http.vars.split}` for one of the two versions. A version is called as the server of Caddy that stands before it (then Caddy counts for it), or as its `reverse_proxy` dials it.',
    ),
  timeout: Duration.default(5000).describe('How long the admin API may take to answer.'),
})
export type CaddyTarget = z.output<typeof CaddyTarget>
