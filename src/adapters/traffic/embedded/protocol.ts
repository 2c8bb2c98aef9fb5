import * as z from 'zod'

/** What the adapter and the router process tell each other: files and the control endpoint. */

export const BackendSchema = z.strictObject({
  version: z.string().min(1),
  url: z.url({ protocol: /^http$/ }),
  pid: z.int().positive().optional(),
  model: z.unknown().optional(),
})

export const RolloutRecordSchema = z.strictObject({
  id: z.string().min(1),
  owner: z.string(),
  state: z.unknown(),
  deployment: z.string().optional(),
  driver: z
    .strictObject({ host: z.string(), pid: z.int().positive(), until: z.string() })
    .optional(),
})

const Percent = z.number().min(0).max(100)
const SlowMs = z.number().positive().optional()

/** The file that the router process is started with. */
export const RouterConfigSchema = z.strictObject({
  stateFile: z.string().min(1),
  predictionLog: z.string().min(1),
  maxLogBytes: z
    .int()
    .positive()
    .default(64 * 1024 * 1024),
  listen: z.strictObject({ host: z.string().min(1), port: z.int().min(0).max(65535) }),
  stable: BackendSchema,
  /** Empty: no health checks. */
  healthPath: z.string().default('/v2/health/ready'),
  healthIntervalMs: z.int().positive().default(1000),
  /** Failed health checks in a row before users are kept from the canary. */
  ejectAfter: z.int().positive().default(3),
  requestTimeoutMs: z.int().positive().default(30_000),
  mirrorTimeoutMs: z.int().positive().default(5000),
  mirrorConcurrency: z.int().positive().default(16),
  /** Bodies up to this size are held, so that they can be mirrored, or sent to stable when the canary refuses. */
  maxBufferedBytes: z
    .int()
    .positive()
    .default(1024 * 1024),
  /** Requests with the same value of this header always meet the same version. */
  stickyHeader: z.string().min(1).optional(),
  /** Makes the choice of versions repeatable. */
  seed: z.int().optional(),
  /** Numbers in compared answers may differ by this much, relative to the larger. */
  tolerance: z.number().min(0).default(1e-6),
  /** The output that is compared; absent: `prediction`, else the first. */
  output: z.string().min(1).optional(),
  drainMs: z.int().positive().default(10_000),
})

export type RouterConfig = z.output<typeof RouterConfigSchema>

/** What may change while the router runs. */
export const TrafficSchema = z.strictObject({
  revision: z.int().min(0),
  stable: BackendSchema,
  canary: BackendSchema.nullable(),
  previous: BackendSchema.nullable(),
  weight: Percent,
  mirror: Percent,
  /** Of two answers to one request it is counted which alone was slower; absent: times are not compared. */
  slowMs: SlowMs,
  rollout: RolloutRecordSchema.nullable(),
  ejected: z.string().nullable(),
})

export type Traffic = z.output<typeof TrafficSchema>

/** The router's state file: read by the next router to go on, and by the adapter to find a running one. */
export const RouterFileSchema = z.strictObject({
  version: z.literal(1),
  token: z.string().min(32),
  /** null once the router has stopped in good order. */
  pid: z.int().positive().nullable(),
  control: z.string(),
  host: z.string(),
  port: z.int(),
  traffic: TrafficSchema,
})

export type RouterFile = z.output<typeof RouterFileSchema>

const Guard = {
  /** The revision that the change was thought out on; anything else is answered 409. */
  revision: z.int().min(0).optional(),
  /** Goes through whatever the revision: for the way back only. */
  force: z.literal(true).optional(),
}

export const WeightsBody = z.strictObject({
  ...Guard,
  canary: Percent,
  mirror: Percent.optional(),
  slowMs: SlowMs,
})
export const MirrorBody = z.strictObject({ ...Guard, share: Percent })
export const RolloutBody = z.strictObject({ ...Guard, rollout: RolloutRecordSchema.nullable() })
export const BackendsBody = z.strictObject({
  ...Guard,
  stable: BackendSchema.optional(),
  canary: BackendSchema.nullable().optional(),
  previous: BackendSchema.nullable().optional(),
  weight: Percent.optional(),
  mirror: Percent.optional(),
  rollout: RolloutRecordSchema.nullable().optional(),
})

const ArmSchema = z.strictObject({
  assigned: z.int(),
  requests: z.int(),
  errors: z.int(),
  unreachable: z.int(),
  rejected: z.int().optional(),
  latency: z.array(z.int()),
})

export const ReadingSchema = z.strictObject({
  epoch: z.string(),
  at: z.string(),
  latencyBounds: z.array(z.number()),
  canaryReachable: z.boolean(),
  stable: ArmSchema,
  canary: ArmSchema,
  mirror: z.strictObject({
    agree: z.int(),
    disagree: z.int(),
    canaryOnlyErrors: z.int(),
    stableOnlyErrors: z.int(),
    canaryOnlySlow: z.int().optional(),
    stableOnlySlow: z.int().optional(),
    discarded: z.int(),
  }),
})

export const StateAnswer = z.strictObject({
  traffic: TrafficSchema,
  reading: ReadingSchema,
  url: z.string(),
  predictionLog: z.string(),
  cursor: z.string(),
})

export type StateAnswerType = z.output<typeof StateAnswer>

/** One line of the prediction log. */
export const PredictionSchema = z.strictObject({
  seq: z.int(),
  time: z.string(),
  id: z.string().nullable(),
  version: z.string(),
  mirrored: z.boolean(),
  ms: z.number(),
  status: z.int(),
  /** First value of each output. */
  outputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})

export type Prediction = z.output<typeof PredictionSchema>

export const SamplesAnswer = z.strictObject({
  samples: z.array(PredictionSchema),
  next: z.string(),
  lost: z.int(),
})
