import * as z from 'zod'
import { Duration } from '../duration.js'

const Name = z.string().min(1)
const Url = z.url({ protocol: /^https?$/ })
const On = z
  .array(z.enum(['fail', 'warn', 'inconclusive', 'no-data']))
  .min(1)
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
      labels: z.array(Name).default(['drift']).describe('Labels of the issue.'),
      assignees: z.array(Name).default([]).describe('Who is assigned.'),
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
      inputs: z.record(z.string(), z.string()).default({}).describe('Inputs of the workflow.'),
    }),
    z.strictObject({
      kind: z.literal('airflow'),
      on: On,
      url: Url.describe('The address of the Airflow web server.'),
      dag: Name.describe('The id of the DAG.'),
      conf: z.record(z.string(), z.unknown()).default({}).describe('The conf of the run.'),
    }),
    z.strictObject({
      kind: z.literal('kafka'),
      on: On,
      brokers: z.array(Name).min(1).describe('Brokers, `host:port`.'),
      topic: Name.describe('The topic.'),
      tls: z.boolean().default(false).describe('Whether brokers are reached by TLS.'),
    }),
    z.strictObject({
      kind: z.literal('webhook'),
      on: On,
      url: Url.describe('Where the event is posted, signed with MODELWAY_WEBHOOK_SECRET.'),
    }),
  ]),
)
export type Trigger = z.output<typeof TriggerSchema>

/** The keys of `drift.guard`: what holds triggers back. */
export const TriggerGuard = z.strictObject({
  'cool-down': Duration.optional().describe('How long after firing a trigger stays quiet.'),
  'min-new-rows': z
    .int()
    .min(1)
    .optional()
    .describe('Fires only when the current data has at least this many rows.'),
  hours: z
    .strictObject({
      from: z.int().min(0).max(23),
      to: z.int().min(1).max(24),
      days: z
        .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
        .min(1)
        .optional(),
      'time-zone': Name.default('UTC'),
    })
    .optional()
    .describe(
      'The hours in which triggers may fire; what falls outside fires at the next run inside.',
    ),
  budget: z
    .strictObject({ most: z.int().min(1), per: Duration })
    .optional()
    .describe('How often a trigger may fire in a time, such as 3 per 7d.'),
})
export type TriggerGuard = z.output<typeof TriggerGuard>
