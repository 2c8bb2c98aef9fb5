import * as z from 'zod'
import { Duration, PositiveDuration } from '../duration.js'
import { oneOrMany } from '../shared.js'

const Name = z.string().min(1)
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/

/** An address that secrets may be sent to, and that may stand in a public file. */
const Url = z
  .url({ protocol: /^https?$/ })
  .refine((text) => !URL.canParse(text) || isSafe(new URL(text)), {
    error: 'must be https:, except on this machine',
  })
  .refine(
    (text) => !URL.canParse(text) || `${new URL(text).username}${new URL(text).password}` === '',
    {
      error: 'must hold no user name or password: they belong into the environment',
    },
  )

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || LOOPBACK.test(hostname)
}

const Label = Name.regex(/^[^,]+$/, 'must hold no comma')
const On = oneOrMany(z.enum(['fail', 'warn', 'inconclusive', 'no-data']), 1)
  .default(['fail'])
  .describe('The outcomes that fire it. No data is never drift, and no drift is never no data.')

/** What drift sets off. A word alone stands for `{ kind: word }`. */
export const TriggerSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { kind: value } : value),
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('summary'), on: On }),
    z.strictObject({
      kind: z.literal('issue'),
      on: On,
      labels: oneOrMany(Label, 1)
        .default(['drift'])
        .describe('Labels of the issue; it is found again by the first.'),
      assignees: oneOrMany(Name).default([]).describe('Who is assigned.'),
    }),
    z.strictObject({
      kind: z.literal('repository-dispatch'),
      on: On,
      'event-type': Name.max(100).default('modelway-drift').describe('The type of the event.'),
      repository: z
        .string()
        .regex(/^[^/\s]+\/[^/\s]+$/)
        .optional()
        .describe('Another repository, `owner/name`.'),
    }),
    z.strictObject({
      kind: z.literal('workflow-dispatch'),
      on: On,
      workflow: Name.describe('The file name of the workflow, such as train.yml.'),
      ref: Name.optional().describe('The branch; the default branch unless given.'),
      inputs: z
        .record(z.string(), z.string())
        .default({})
        .refine((inputs) => Object.keys(inputs).length <= 25, {
          error: 'must be at most 25 inputs, as GitHub takes',
        })
        .describe(
          'Inputs of the workflow; `{key}`, `{outcome}`, `{decision}` and `{run-url}` are filled in.',
        ),
    }),
    z.strictObject({
      kind: z.literal('airflow'),
      on: On,
      url: Url.describe('The address of the Airflow web server.'),
      dag: Name.describe('The id of the DAG.'),
      conf: z
        .record(z.string(), z.unknown())
        .default({})
        .describe('The conf of the run; `modelway` is added, with what happened.'),
    }),
    z.strictObject({
      kind: z.literal('kafka'),
      on: On,
      brokers: oneOrMany(
        z.string().regex(/^[^\s:/]+:\d{1,5}$|^\[[\d:a-fA-F]+\]:\d{1,5}$/, 'must be host:port'),
        1,
      ).describe('Brokers, `host:port`.'),
      topic: Name.describe('The topic.'),
      tls: z.boolean().default(false).describe('Whether brokers are reached by TLS.'),
      sasl: z
        .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
        .default('plain')
        .describe(
          'How MODELWAY_KAFKA_USERNAME and MODELWAY_KAFKA_PASSWORD, where they are set, are presented.',
        ),
    }),
    z.strictObject({
      kind: z.literal('webhook'),
      on: On,
      url: Url.describe('Where the event is posted, signed with MODELWAY_WEBHOOK_SECRET.'),
    }),
  ]),
)

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en-GB', { timeZone: name }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}

/** The keys of `drift.guard`: what holds triggers back. */
export const TriggerGuard = z.strictObject({
  'cool-down': Duration.optional().describe(
    'How long after firing a trigger stays quiet. The guard is for those that send something: the summary and the issue show how things are.',
  ),
  'min-new-rows': z
    .int()
    .min(1)
    .optional()
    .describe('Fires only when the current data has at least this many rows.'),
  hours: z
    .strictObject({
      from: z.int().min(0).max(23),
      to: z.int().min(1).max(24),
      days: oneOrMany(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), 1).optional(),
      'time-zone': Name.refine(isTimeZone, {
        error: 'must be a time zone such as Europe/Berlin',
      }).default('UTC'),
    })
    .refine(({ from, to }) => from !== to, { error: '`from` and `to` must differ' })
    .optional()
    .describe(
      'The hours in which triggers may fire; what falls outside fires at the next run inside.',
    ),
  budget: z
    .strictObject({ most: z.int().min(1), per: PositiveDuration })
    .optional()
    .describe('How often a trigger may fire in a time, such as 3 per 7d.'),
  record: Name.optional().describe(
    'The JSON Lines file that keeps what fired and when. Unless given: a hidden reference of the repository on GitHub (`contents: write`), and `triggers.jsonl` beside the statements elsewhere.',
  ),
})
export type TriggerGuard = z.output<typeof TriggerGuard>
