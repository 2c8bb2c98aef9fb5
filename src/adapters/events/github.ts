import { eventPayload, filledInputs } from '../../domain/drift/acting/event.js'
import type {
  RepositoryDispatchTrigger,
  WorkflowDispatchTrigger,
} from '../../domain/drift/acting/trigger.js'
import { UserError } from '../../errors.js'
import type { EventSender } from '../../ports/events.js'
import type { Dispatches } from '../../ports/forge.js'
import type { SenderContext } from './index.js'

/** An event of type repository_dispatch, with the payload of domain/drift/acting/event.ts. */
export function createRepositoryDispatchSender(
  trigger: RepositoryDispatchTrigger,
  context: SenderContext,
): EventSender {
  const dispatches = requireDispatches(trigger.kind, context)
  const { 'event-type': eventType, repository } = trigger
  const send: EventSender['send'] = async (event) => {
    await dispatches.repository({ eventType, repository, payload: eventPayload(event) })
    return {}
  }
  // Another repository's runs are not ours to look through: its receiver has the key.
  if (repository !== undefined) return { send }
  return { send, sentSince: (since) => dispatches.startedSince({ eventType }, since) }
}

/** A run of a workflow of this repository, with the user's inputs. */
export function createWorkflowDispatchSender(
  { kind, workflow, ref, inputs }: WorkflowDispatchTrigger,
  context: SenderContext,
): EventSender {
  const dispatches = requireDispatches(kind, context)
  return {
    send: (event) => dispatches.workflow({ workflow, ref, inputs: filledInputs(inputs, event) }),
    sentSince: (since) => dispatches.startedSince({ workflow }, since),
  }
}

function requireDispatches(kind: string, { dispatches }: SenderContext): Dispatches {
  if (dispatches !== undefined) return dispatches
  throw new UserError({
    code: 'MW-DRIFT-509',
    where: 'drift.triggers',
    what: `${kind} works on GitHub only, in a repository and with a token.`,
    fix: 'Run it as a step of a workflow, with the input github-token; elsewhere use airflow, kafka or webhook.',
  })
}
