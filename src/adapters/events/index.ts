import type { EventTrigger } from '../../domain/drift/acting/trigger.js'
import type { EventSender } from '../../ports/events.js'
import type { Dispatches } from '../../ports/forge.js'
import type { Log } from '../../ports/host.js'

export interface SenderContext {
  /** Environment variables of the run: secrets are read from it alone. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Hides a secret in everything that is printed. */
  readonly mask: (secret: string) => void
  readonly log: Log
  /** Of the forge, where there is one and a token. */
  readonly dispatches: Dispatches | undefined
}

type Openers = {
  readonly [K in EventTrigger['kind']]: (
    trigger: Extract<EventTrigger, { readonly kind: K }>,
    context: SenderContext,
  ) => Promise<EventSender>
}

const senders: Openers = {
  'repository-dispatch': async (trigger, context) =>
    (await import('./github.js')).createRepositoryDispatchSender(trigger, context),
  'workflow-dispatch': async (trigger, context) =>
    (await import('./github.js')).createWorkflowDispatchSender(trigger, context),
  airflow: async (trigger, context) =>
    (await import('./airflow.js')).createAirflowSender(trigger, context),
  kafka: async (trigger, context) =>
    (await import('./kafka.js')).createKafkaSender(trigger, context),
  webhook: async (trigger, context) =>
    (await import('./webhook.js')).createWebhookSender(trigger, context),
}

/** Opens the sender of a trigger; only the one that is named is loaded. Throws UserError where a secret is missing. */
export function openSender(trigger: EventTrigger, context: SenderContext): Promise<EventSender> {
  // One function a kind: TypeScript cannot see that they belong together.
  const open = senders[trigger.kind] as (
    trigger: EventTrigger,
    context: SenderContext,
  ) => Promise<EventSender>
  return open(trigger, context)
}
