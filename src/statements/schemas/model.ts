import * as z from 'zod'
import type { DeepReadonly } from './deep-readonly.js'

/** What a model statement says. */
export const ModelPredicate = z.object({
  registry: z.enum(['files']),
  /** Where the registry is, in its own terms. */
  location: z.string(),
  name: z.string(),
  version: z.string(),
  aliases: z.array(z.string()),
  stage: z.enum(['staging', 'production', 'archived']).nullable(),
  uri: z.string(),
  /** The digest of the model: that of its file, or of the list of its files. */
  modelDigest: z.string(),
  /** How the model was signed; null when it was not. */
  signature: z.null(),
  /** Digests of the statements behind the model, by kind. */
  lineage: z.record(z.string(), z.string()),
})
export type ModelPredicate = DeepReadonly<z.output<typeof ModelPredicate>>
