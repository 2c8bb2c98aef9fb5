/** What can be set off, with the keys that users write. */

/** What a check came to. `no-data` is neither drift nor the absence of it. */
export type TriggerOutcome = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'no-data'

interface Base<K extends string> {
  readonly kind: K
  readonly on: readonly TriggerOutcome[]
}

export type SummaryTrigger = Base<'summary'>

export interface IssueTrigger extends Base<'issue'> {
  readonly labels: readonly string[]
  readonly assignees: readonly string[]
}

export interface RepositoryDispatchTrigger extends Base<'repository-dispatch'> {
  readonly 'event-type': string
  readonly repository?: string | undefined
}

export interface WorkflowDispatchTrigger extends Base<'workflow-dispatch'> {
  readonly workflow: string
  readonly ref?: string | undefined
  readonly inputs: Readonly<Record<string, string>>
}

export interface AirflowTrigger extends Base<'airflow'> {
  readonly url: string
  readonly dag: string
  readonly conf: Readonly<Record<string, unknown>>
}

export interface KafkaTrigger extends Base<'kafka'> {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly tls: boolean
  readonly sasl: 'plain' | 'scram-sha-256' | 'scram-sha-512'
}

export interface WebhookTrigger extends Base<'webhook'> {
  readonly url: string
}

/** Those that send an event to another system, which must not get it twice. */
export type EventTrigger =
  | RepositoryDispatchTrigger
  | WorkflowDispatchTrigger
  | AirflowTrigger
  | KafkaTrigger
  | WebhookTrigger

export type DriftTrigger = SummaryTrigger | IssueTrigger | EventTrigger

export function sendsEvent(trigger: DriftTrigger): trigger is EventTrigger {
  return trigger.kind !== 'summary' && trigger.kind !== 'issue'
}

/** What makes a trigger the same one in the next run: all but how it is reached, and when it fires. */
export function identityOf(trigger: DriftTrigger): Readonly<Record<string, unknown>> {
  switch (trigger.kind) {
    case 'summary':
    case 'issue':
      return { kind: trigger.kind }
    case 'kafka':
      return { kind: trigger.kind, brokers: [...trigger.brokers].sort(), topic: trigger.topic }
    default: {
      const { on: _on, ...rest } = trigger
      // What is not given is the same as undefined.
      return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    }
  }
}

/** Where it goes, for people: an address is cut to its host, since the rest may be secret. */
export function targetOf(trigger: DriftTrigger): string {
  switch (trigger.kind) {
    case 'summary':
      return 'job summary'
    case 'issue':
      return 'rolling issue'
    case 'repository-dispatch':
      return `${trigger.repository ?? 'this repository'}, ${trigger['event-type']}`
    case 'workflow-dispatch':
      return trigger.ref === undefined ? trigger.workflow : `${trigger.workflow} at ${trigger.ref}`
    case 'airflow':
      return `${hostOf(trigger.url)}, ${trigger.dag}`
    case 'kafka':
      return trigger.topic
    case 'webhook':
      return hostOf(trigger.url)
  }
}

function hostOf(url: string): string {
  return /^https?:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(url)?.[1] ?? ''
}
