import * as z from 'zod'
import { hasOnePlace, manifestKeys, ONE_PLACE } from './manifest-file.js'

/** `deploy.batch`: a share of the partitions of a batch scoring job. */
export const BatchTarget = z
  .strictObject({
    ...manifestKeys,
    partitions: z
      .array(z.string().min(1).max(1024))
      .min(2)
      .max(100_000)
      .refine((keys) => new Set(keys).size === keys.length, 'must name each partition once')
      .optional()
      .describe(
        'The keys of all partitions, where they are known: weights are then whole numbers of them, at least one, and the manifest says whose each is. Without it the job hashes its keys by the rule of docs/batch.md.',
      ),
  })
  .refine(hasOnePlace, ONE_PLACE)
export type BatchTarget = z.output<typeof BatchTarget>
