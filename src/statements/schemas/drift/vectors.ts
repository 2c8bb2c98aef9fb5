import * as z from 'zod'
import type { DeepReadonly } from '../deep-readonly.js'

const Sides = z.object({ reference: z.number(), current: z.number() })

/** What a drift statement says of vectors such as embeddings. */
export const VectorEvidenceSchema = z.object({
  rows: Sides,
  dimensions: Sides,
  missing: Sides,
  distance: z.object({ name: z.literal('vector-domain-auc'), value: z.number().nullable() }),
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  statistic: z.number().nullable(),
  pValue: z.number().nullable(),
  mmd: z.object({ statistic: z.number(), pValue: z.number() }).nullable(),
  centroids: z
    .object({ cosine: z.number().nullable(), euclidean: z.number().nullable() })
    .nullable(),
  norms: z.object({ mean: Sides, statistic: z.number(), pValue: z.number() }).nullable(),
  reasons: z.array(z.string()),
})
export type VectorEvidenceSchema = DeepReadonly<z.output<typeof VectorEvidenceSchema>>
