import * as z from 'zod'
import type { DeepReadonly } from './deep-readonly.js'

/** What a training statement says. */
export const TrainingPredicate = z.object({
  fingerprint: z.string(),
  fingerprintParts: z.object({
    code: z.string(),
    data: z.string(),
    parameters: z.string(),
    environment: z.string(),
    command: z.string(),
  }),
  skipped: z.boolean(),
  command: z.union([z.string(), z.array(z.string())]),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  commit: z.string().nullable(),
  metrics: z.record(z.string(), z.number()),
  predictions: z.object({ path: z.string(), sha256: z.string() }).nullable(),
  environment: z.record(z.string(), z.string()),
  resources: z.object({
    gpus: z.array(
      z.object({ name: z.string(), memoryBytes: z.number().nullable(), driver: z.string() }),
    ),
    peakGpuMemoryBytes: z.number().nullable(),
    meanGpuUtilisation: z.number().nullable(),
    peakRssBytes: z.number().nullable(),
  }),
  durationSeconds: z.number(),
  cost: z.number().nullish(),
  runs: z.array(z.object({ tracker: z.string(), id: z.string(), url: z.string().nullable() })),
})
export type TrainingPredicate = DeepReadonly<z.output<typeof TrainingPredicate>>
