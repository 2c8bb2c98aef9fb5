import * as z from 'zod'
import { PositiveDuration } from '../duration.js'

const DATATYPES = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP32',
  'FP64',
  'BYTES',
] as const

const Address = z.url({ protocol: /^https?$/ })

const AddressPattern = z.string().regex(/^https?:\/\/\S+$/, 'must begin with http:// or https://')

const Pointer = z.string().regex(/^(\/.*)?$/, 'must be empty or begin with /')

const Shape = z.array(z.int().min(-1)).min(1).max(8)

const Input = z.strictObject({
  name: z.string().min(1).describe("The tensor's name."),
  datatype: z.enum(DATATYPES).describe('The type of its values.'),
  columns: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      'The columns of the examples that it is made of. Default: the one of its name, else all.',
    ),
  shape: Shape.optional().describe(
    'Its shape, -1 first for the number of rows. Default: [-1, number of columns].',
  ),
  parameters: z
    .record(z.string(), z.union([z.string(), z.boolean(), z.int()]))
    .optional()
    .describe('Parameters of the tensor, such as `content_type` of MLServer.'),
})
export type ProbeInput = z.output<typeof Input>

const TensorSpec = z.strictObject({
  name: z.string().min(1).describe('Its name.'),
  datatype: z.string().min(1).describe('The type of its values, such as FP32.'),
  shape: Shape.describe('Its shape; -1 is any length.'),
})

const ExpectedSchema = z.strictObject({
  inputs: z.array(TensorSpec).default([]).describe('The inputs; left out, they are not compared.'),
  outputs: z
    .array(TensorSpec)
    .default([])
    .describe('The outputs; left out, they are not compared.'),
})

const Expected = z.strictObject({
  column: z.string().min(1).describe('The column of the examples with the expected value.'),
  output: z
    .string()
    .optional()
    .describe(
      "The output: a tensor's name, or a JSON pointer into the answer to a row, such as `/score`. Default: the first tensor, the answer itself.",
    ),
  index: z.int().min(0).default(0).describe("Which value of that output's row, from 0."),
})

const Golden = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe('Examples, one a row: CSV, JSON Lines, Parquet or another table, in the workspace.'),
  inputs: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('The columns that are sent. Default: all that hold no expected value.'),
  expected: z
    .array(Expected)
    .default([])
    .describe('What the model must answer. Empty: the rows are only sent.'),
  tolerance: z
    .number()
    .min(0)
    .default(1e-6)
    .describe('How far numbers may differ, relative to the larger.'),
  'absolute-tolerance': z
    .number()
    .min(0)
    .default(1e-9)
    .describe('How far numbers may differ at least.'),
  batch: z
    .int()
    .min(1)
    .max(10_000)
    .default(32)
    .describe('How many rows are sent in one request, where the protocol has batches.'),
  rows: z
    .int()
    .min(1)
    .max(10_000)
    .default(1000)
    .describe('How many rows of the file are used at most.'),
})

const Latency = z
  .strictObject({
    requests: z
      .int()
      .min(1)
      .max(100_000)
      .default(200)
      .describe('How many requests of one row are measured.'),
    concurrency: z.int().min(1).max(64).default(4).describe('How many are under way at a time.'),
    'p50-under': PositiveDuration.optional().describe('What half of the requests must be under.'),
    'p95-under': PositiveDuration.optional().describe('What 95% of the requests must be under.'),
    'p99-under': PositiveDuration.optional().describe('What 99% of the requests must be under.'),
    confidence: z
      .number()
      .gt(0.5)
      .lt(1)
      .default(0.95)
      .describe('How sure the verdict must be, over all bounds; without it the check is unclear.'),
  })
  .refine((latency) => latency['p50-under'] ?? latency['p95-under'] ?? latency['p99-under'], {
    message: 'needs p50-under, p95-under or p99-under',
  })

const Watch = z.strictObject({
  every: PositiveDuration.default(10_000).describe('Time between two checks.'),
  failures: z.int().min(1).default(3).describe('Failures in a row that end the rollout.'),
  predict: z
    .boolean()
    .default(true)
    .describe(
      'Whether a row of the examples is sent too, where there are any; else only the health is asked.',
    ),
  'users-url': Address.optional().describe(
    'Where users send their requests, to be checked too. These requests are counted as theirs.',
  ),
})

const Template = z.record(z.string(), z.json())

/** `deploy.probe`: a probe of our own, before any traffic and while the rollout lasts. */
export const ProbeSection = z
  .strictObject({
    protocol: z
      .enum(['v2', 'v2-grpc', 'v1', 'json'])
      .default('v2')
      .describe(
        "How the servers are spoken to: the Open Inference Protocol `v2` by REST or by gRPC, TensorFlow Serving's and KServe's `v1`, or plain `json`.",
      ),
    model: z
      .string()
      .regex(/^(?!\.)[\w.@:-]+(\/(?!\.)[\w.@:-]+)*$/, 'must be the name of a model')
      .optional()
      .describe('What the server calls the model; `json` needs none.'),
    'model-version': z
      .string()
      .regex(/^(?!\.)[\w.@:-]+$/, 'must be the name of a version')
      .optional()
      .describe("The model's version on the server, where it has several."),
    url: AddressPattern.optional().describe(
      "The canary's own address, where it is not that of deploy.backends.canary: its gRPC port, or its Service. `{version}` and `{name}` in it are filled in.",
    ),
    'stable-url': AddressPattern.optional().describe(
      "The stable version's own address, in the same way. Default: that of deploy.backends.stable.",
    ),
    'health-path': Pointer.optional().describe(
      'For `json`: the health check. Default: deploy.health-path; empty for none.',
    ),
    path: Pointer.optional().describe('For `json`: where rows are sent to, such as /predict.'),
    body: Template.optional().describe(
      'For `json`: what is sent. The texts `{rows}` (a list of rows), `{row}` (one row) and `{row.age}` (its column) in it stand for the values. Default: the row as an object.',
    ),
    'row-as': z
      .enum(['object', 'list'])
      .optional()
      .describe(
        'How a row is written: by column names or as a list. Default: list for `v1`, else object.',
      ),
    answer: Pointer.default('').describe(
      'For `json`: a JSON pointer to the prediction in the answer (to the list of them, where the body has `{rows}`).',
    ),
    inputs: z
      .array(Input)
      .min(1)
      .optional()
      .describe(
        'For `v2` and `v2-grpc`: the tensors to send. Default: as the model says that it takes them.',
      ),
    schema: z
      .union([z.enum(['stable', 'any']), ExpectedSchema])
      .default('any')
      .describe(
        "For `v2` and `v2-grpc`: what the model's inputs and outputs must be equal to: those of the `stable` version, or a list.",
      ),
    golden: Golden.optional().describe('Examples with the answers that the model must give.'),
    'warm-up': z
      .int()
      .min(0)
      .max(10_000)
      .default(0)
      .describe('Requests that are sent first and not judged.'),
    latency: Latency.optional().describe('Bounds of the latency under a small load.'),
    timeout: PositiveDuration.default(10_000).describe('How long one answer may take.'),
    'on-failure': z
      .enum(['refuse', 'fail', 'warn'])
      .default('refuse')
      .describe(
        'What a check that fails does before any traffic: `refuse` ends with an error, `fail` ends with the decision fail and its statement, `warn` only says it.',
      ),
    watch: Watch.optional().describe('Checks of the addresses as long as the rollout lasts.'),
  })
  .refine(({ protocol, model }) => protocol === 'json' || model !== undefined, {
    message: 'needs the name of the model',
    path: ['model'],
  })
  .refine(({ protocol, path }) => protocol !== 'json' || path !== undefined, {
    message: 'needs a path for protocol json',
    path: ['path'],
  })
  .refine((probe) => probe.golden ?? (probe.latency === undefined && probe['warm-up'] === 0), {
    message: 'needs golden: rows to send for warm-up and latency',
    path: ['golden'],
  })
  .refine(({ protocol, schema }) => protocol.startsWith('v2') || schema === 'any', {
    message: 'is known by v2 and v2-grpc only',
    path: ['schema'],
  })
export type ProbeSection = z.output<typeof ProbeSection>
