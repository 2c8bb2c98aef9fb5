import { isAbsolute } from 'node:path'
import * as z from 'zod'

/** What targets have in common that divide by a file which others read. */
export const manifestKeys = {
  file: z
    .string()
    .min(1)
    .refine(isAbsolute, 'must be an absolute path')
    .describe(
      'The manifest, as an absolute path, on whatever outlives the run: JSON, replaced as a whole at each change of weights.',
    ),
  salt: z
    .string()
    .max(200)
    .optional()
    .describe(
      "Put before each key before it is hashed. Default: the canary's version, so that each rollout begins with others; a fixed one begins with the same ones every time.",
    ),
}
