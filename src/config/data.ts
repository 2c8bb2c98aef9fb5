import * as z from 'zod'
import { FailOnSchema, OneOrMany } from './shared.js'

/** The `data` section of modelway.yml. */
export const DataSection = z.strictObject({
  source: OneOrMany.describe(
    'The data: files, globs, `file:` or `https:` URLs, one a line. A later line may start with `!` to leave files out.',
  ),
  revision: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The version to deliver. For `https:` the digest that the file must have, `sha256:…`.',
    ),
  path: z.string().min(1).default('data').describe('The folder that fetched data is put in.'),
  contract: z
    .string()
    .min(1)
    .optional()
    .describe('A YAML file with the data contract: types, nulls, ranges, sets, uniqueness.'),
  baseline: z
    .string()
    .min(1)
    .optional()
    .describe(
      'An earlier dataset statement; `changed` says whether the fingerprint differs from it.',
    ),
  cache: z
    .boolean()
    .default(true)
    .describe('Keep what was fetched with a `revision` between runs, where the host has a cache.'),
  'fail-on': FailOnSchema,
})
export type DataSection = z.output<typeof DataSection>
