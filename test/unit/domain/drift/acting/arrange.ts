import type { DriftEvent } from '../../../../../src/domain/drift/acting/event.js'
import type { LedgerEntry } from '../../../../../src/domain/drift/acting/ledger.js'
import type { PlanOptions } from '../../../../../src/domain/drift/acting/plan.js'
import type {
  DriftTrigger,
  EventTrigger,
  TriggerOutcome,
  WebhookTrigger,
} from '../../../../../src/domain/drift/acting/trigger.js'
import { digestOf } from '../../../../../src/statements/canonical.js'

export const NOW = new Date('2026-11-23T12:00:00Z')
export const RUN = { id: '77', attempt: 1 }
export const hour = 3_600_000

export function digest(value: unknown): string {
  return digestOf(value).slice('sha256:'.length)
}

export function event(more: Partial<DriftEvent> = {}): DriftEvent {
  return {
    project: 'census',
    repository: 'modelway-ml/demo',
    outcome: 'fail',
    decision: 'fail',
    reason: '3 of 10 columns drifted',
    drifted: ['age'],
    driftedCount: 1,
    window: '2026-11-22',
    runUrl: 'https://github.com/modelway-ml/demo/actions/runs/77',
    at: NOW.toISOString(),
    ...more,
  }
}

export function webhook(
  on: readonly TriggerOutcome[] = ['fail'],
  url = 'https://hooks.example/secret/path',
): WebhookTrigger {
  return { kind: 'webhook', on, url }
}

export function options(more: Partial<PlanOptions> = {}): PlanOptions {
  return {
    guard: {},
    event: event(),
    rows: 1000,
    now: NOW,
    run: RUN,
    ledger: [],
    digest,
    ...more,
  }
}

/** One trigger of each kind. */
export const EVERY_KIND: readonly DriftTrigger[] = [
  { kind: 'summary', on: ['fail'] },
  { kind: 'issue', on: ['fail'], labels: ['drift'], assignees: [] },
  { kind: 'repository-dispatch', on: ['fail'], 'event-type': 'modelway-drift' },
  { kind: 'workflow-dispatch', on: ['fail'], workflow: 'train.yml', inputs: {} },
  { kind: 'airflow', on: ['fail'], url: 'https://airflow.example', dag: 'retrain', conf: {} },
  {
    kind: 'kafka',
    on: ['fail'],
    brokers: ['broker:9092'],
    topic: 'drift',
    tls: false,
    sasl: 'plain',
  },
  webhook(),
]

export const SENDING = EVERY_KIND.filter(
  (trigger): trigger is EventTrigger => trigger.kind !== 'summary' && trigger.kind !== 'issue',
)

/** An entry for an item of a plan. */
export function entry(
  item: { readonly key: string; readonly identity: string; readonly event: DriftEvent },
  state: LedgerEntry['state'],
  more: Partial<LedgerEntry> = {},
): LedgerEntry {
  return {
    state,
    key: item.key,
    trigger: item.identity,
    kind: 'webhook',
    window: item.event.window,
    at: NOW.toISOString(),
    ...(state === 'held' || state === 'claimed' ? { event: item.event } : {}),
    ...more,
  }
}
