import * as z from 'zod'
import { Duration } from '../duration.js'

/** What an upstream can be called without being anything else in a configuration, in a status text or in an address. */
export const NGINX_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/

const ConfigurationFile = z
  .string()
  .regex(/^\/[^\s"'{};\\*?[\]]+$/, 'must be an absolute path without blanks, quotes and braces')

/** `deploy.nginx`: a split in a file of our own that nginx includes, and a reload that waits for kept connections. */
export const NginxTarget = z.strictObject({
  file: ConfigurationFile.describe(
    'The file that is written, in which `split_clients` divides: included in `http`, and nothing else in it. A version is the name of an `upstream`; `proxy_pass http://$modelway_version` sends to it.',
  ),
  configuration: ConfigurationFile.default('/etc/nginx/nginx.conf').describe(
    'The main file of the configuration, as `nginx -c` takes it.',
  ),
  program: z
    .array(z.string().min(1))
    .min(1)
    .default(['nginx'])
    .describe(
      'The program and what stands before its arguments, word by word, such as [sudo, -n, /usr/sbin/nginx]. It is run with `-T` and `-s reload`, without a shell.',
    ),
  status: z
    .url({ protocol: /^https?$/ })
    .describe(
      'An address at this nginx where `return 200 $modelway_split` answers: what is in force.',
    ),
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,49}$/, 'must be letters, digits and _ only')
    .default('modelway')
    .describe(
      'What the variables begin with: `$<prefix>_version`, `$<prefix>_copies` and `$<prefix>_split`.',
    ),
  key: z
    .string()
    .regex(/^(\$[a-z0-9_]+)+$/, 'must be variables, such as $request_id')
    .default('$request_id')
    .describe(
      'What requests are divided by: `$request_id` each by itself, `$cookie_user` all requests of a user alike.',
    ),
  'access-log': z
    .string()
    .regex(/^\/.+/, 'must be an absolute path')
    .optional()
    .describe(
      "Where nginx logs what users met, without `buffer`: `log_format modelway '$msec $modelway_version $status $request_time';` and, in the location of users alone, `access_log <path> modelway;`. Without it deploy.signals say what users met.",
    ),
  'latency-bounds': z
    .array(z.number().gt(0).max(3_600_000))
    .min(1)
    .max(100)
    .refine(
      (bounds) => bounds.every((bound, i) => bound > (bounds[i - 1] ?? 0)),
      'must be ascending',
    )
    .default([5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000])
    .describe('Into which latencies the log is counted: upper bounds, milliseconds.'),
  idle: Duration.default(5000).describe(
    'How long users keep a connection without a request: `keepalive_min_timeout` (nginx 1.27.4) must be at least as long, or a reload would lose requests.',
  ),
  timeout: Duration.default(15_000).describe('How long nginx may take to follow a reload.'),
})
export type NginxTarget = z.output<typeof NginxTarget>
