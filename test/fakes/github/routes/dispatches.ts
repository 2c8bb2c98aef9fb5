import { type Answer, type Call, notFound, type Routes, refusal, text } from '../answer.js'
import { repositoryUrl, type Site, webUrl } from '../documents/site.js'
import { shaOf } from '../setup.js'
import type { Run } from '../state.js'

/** Events that start workflows. */

function addRun(site: Site, event: string, facts: { name: string; path: string }): Run {
  const { state } = site
  const run: Run = {
    ...{ id: state.nextId(), event, ...facts },
    headSha: shaOf('main'),
    headBranch: state.defaultBranch,
    headRepository: state.repository,
    status: 'queued',
    conclusion: null,
    attempt: 1,
    createdAt: state.now(),
  }
  state.runs.push(run)
  return run
}

function repositoryDispatch({ site, body }: Call): Answer {
  const clientPayload = body['client_payload'] ?? {}
  if (JSON.stringify(clientPayload).length > 65_535) {
    return refusal(422, 'client_payload is too large.')
  }
  const eventType = text(body, 'event_type') ?? ''
  site.state.dispatches.push({ eventType, clientPayload })
  const workflow = site.state.listeners.get(eventType)
  if (workflow !== undefined) {
    // GitHub titles such a run by the event's type.
    const path = `.github/workflows/${workflow}`
    addRun(site, 'repository_dispatch', { name: eventType, path })
  }
  return { status: 204 }
}

function workflowDispatch({ site, variables, body }: Call): Answer {
  const file = variables['workflow_id'] ?? ''
  const { state } = site
  const workflow = state.workflows.get(file)
  if (workflow === undefined) return notFound
  if (workflow.inputs === undefined) {
    return refusal(422, "Workflow does not have 'workflow_dispatch' trigger")
  }
  const ref = text(body, 'ref') ?? ''
  if (ref !== state.defaultBranch && !state.refs.has(ref)) {
    return refusal(422, `No ref found for: ${ref}`)
  }
  if ('return_run_details' in body && state.before2026) {
    return refusal(422, 'Invalid request.\n\n"return_run_details" is not a permitted key.')
  }
  const inputs = (body['inputs'] ?? {}) as Readonly<Record<string, unknown>>
  const known = workflow.inputs
  const unknown = Object.keys(inputs).filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    return refusal(422, `Unexpected inputs provided: ${JSON.stringify(unknown)}`)
  }
  state.workflowDispatches.push({ workflow: file, ref, inputs })
  const run = addRun(site, 'workflow_dispatch', { name: file, path: `.github/workflows/${file}` })
  if (body['return_run_details'] !== true) return { status: 204 }
  return {
    status: 200,
    body: {
      workflow_run_id: run.id,
      run_url: `${repositoryUrl(site)}/actions/runs/${run.id}`,
      html_url: `${webUrl(site)}/actions/runs/${run.id}`,
    },
  }
}

export const dispatchRoutes: Routes = {
  'repos/create-dispatch-event': { needs: ['contents'], access: 'write', run: repositoryDispatch },
  'actions/create-workflow-dispatch': {
    needs: ['actions'],
    access: 'write',
    run: workflowDispatch,
  },
}
