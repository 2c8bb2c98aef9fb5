import * as z from 'zod'

const Count = z.coerce.number().int().min(0)

/** google.api.Distribution, as JSON writes it: 64-bit numbers are texts, and what is 0 is left out. */
export const Distribution = z.object({
  count: Count.default(0),
  bucketOptions: z
    .object({
      explicitBuckets: z.object({ bounds: z.array(z.number()) }).optional(),
      linearBuckets: z
        .object({
          numFiniteBuckets: z.int().positive(),
          width: z.number(),
          offset: z.number().default(0),
        })
        .optional(),
      exponentialBuckets: z
        .object({
          numFiniteBuckets: z.int().positive(),
          growthFactor: z.number(),
          scale: z.number(),
        })
        .optional(),
    })
    .optional(),
  bucketCounts: z.array(Count).default([]),
})
export type Distribution = z.output<typeof Distribution>

/** Counts by bucket; the last is beyond all bounds. */
export interface Histogram {
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
}

/** Undefined where it says that there are values, and not in which buckets. */
export function histogramOf(distribution: Distribution): Histogram | undefined {
  const bounds = boundsOf(distribution)
  const { bucketCounts } = distribution
  if (bounds.length === 0 || bucketCounts.length > bounds.length + 1) return undefined
  // Buckets after the last that holds something are left out.
  const counts = [...bounds, Infinity].map((_bound, i) => bucketCounts[i] ?? 0)
  return counts.reduce((sum, n) => sum + n, 0) === distribution.count
    ? { bounds, counts }
    : undefined
}

function boundsOf({ bucketOptions = {} }: Distribution): readonly number[] {
  const { explicitBuckets, linearBuckets, exponentialBuckets } = bucketOptions
  if (explicitBuckets !== undefined) return explicitBuckets.bounds
  if (linearBuckets !== undefined) {
    const { numFiniteBuckets, width, offset } = linearBuckets
    return Array.from({ length: numFiniteBuckets + 1 }, (_none, i) => offset + width * i)
  }
  if (exponentialBuckets !== undefined) {
    const { numFiniteBuckets, growthFactor, scale } = exponentialBuckets
    return Array.from({ length: numFiniteBuckets + 1 }, (_none, i) => scale * growthFactor ** i)
  }
  return []
}
