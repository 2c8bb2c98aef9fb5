import { type Answer, type Call, notFound, type Routes, refusal, text } from '../answer.js'
import { deploymentDocument, deploymentStatusDocument } from '../documents/deployments.js'
import type { Deployment, DeploymentStatus, GitHubState } from '../state.js'
import { commitOf, latestStatuses } from './commits.js'

const needs = ['deployments'] as const
const descriptionLimit = 140

function find({ site, variables }: Call): Deployment | undefined {
  return site.state.deployments.find(({ id }) => id === Number(variables['deployment_id']))
}

function tooLong(resource: string): Answer {
  const message = `description is too long (maximum is ${descriptionLimit} characters)`
  return refusal(422, 'Validation Failed', [
    { resource, code: 'custom', field: 'description', message },
  ])
}

function create({ site, token, body }: Call): Answer {
  const ref = text(body, 'ref') ?? ''
  const sha = commitOf(site.state, ref)
  if (sha === undefined) return refusal(422, `No ref found for: ${ref}`)
  if (body['auto_merge'] !== false && site.state.behind.has(ref)) {
    return { status: 202, body: { message: `Auto-merged main into ${ref} on deployment.` } }
  }
  if (!contextsPass(site.state, sha, body['required_contexts'])) {
    return refusal(409, `Conflict: Commit status checks failed for ${ref}.`)
  }
  const description = text(body, 'description') ?? null
  if ((description ?? '').length > descriptionLimit) return tooLong('Deployment')
  const environment = text(body, 'environment') ?? 'production'
  const production = body['production_environment']
  const deployment: Deployment = {
    id: site.state.nextId(),
    ref,
    sha,
    task: text(body, 'task') ?? 'deploy',
    environment,
    description,
    payload: body['payload'] ?? {},
    transient: body['transient_environment'] === true,
    production: typeof production === 'boolean' ? production : environment === 'production',
    user: token.user,
    createdAt: site.state.now(),
    statuses: [],
  }
  site.state.deployments.push(deployment)
  return { status: 201, body: deploymentDocument(site, deployment) }
}

/** Without a list all statuses count; with one, those that it names; an empty one asks for none. */
function contextsPass(state: GitHubState, sha: string, required: unknown): boolean {
  const latest = latestStatuses(state, sha)
  if (!Array.isArray(required)) return latest.every((status) => status.state === 'success')
  return required.every((context) =>
    latest.some((status) => status.context === context && status.state === 'success'),
  )
}

function list({ site, query }: Call): Answer {
  const wanted = (name: 'sha' | 'ref' | 'task' | 'environment', value: string) => {
    const asked = query.get(name)
    return asked === null || asked === 'none' || asked === value
  }
  const found = site.state.deployments.filter(
    (one) =>
      wanted('sha', one.sha) &&
      wanted('ref', one.ref) &&
      wanted('task', one.task) &&
      wanted('environment', one.environment),
  )
  return { list: found.reverse().map((one) => deploymentDocument(site, one)) }
}

function get(call: Call): Answer {
  const deployment = find(call)
  return deployment === undefined
    ? notFound
    : { status: 200, body: deploymentDocument(call.site, deployment) }
}

function listStatuses(call: Call): Answer {
  const deployment = find(call)
  if (deployment === undefined) return notFound
  const newestFirst = [...deployment.statuses].reverse()
  return {
    list: newestFirst.map((status) => deploymentStatusDocument(call.site, deployment, status)),
  }
}

function createStatus(call: Call): Answer {
  const { site, token, body } = call
  const deployment = find(call)
  if (deployment === undefined) return notFound
  const description = text(body, 'description') ?? ''
  if (description.length > descriptionLimit) return tooLong('DeploymentStatus')
  for (const name of ['environment_url', 'log_url', 'target_url']) {
    const url = text(body, name) ?? ''
    if (url !== '' && !/^https?:\/\//.test(url)) {
      return refusal(422, 'Validation Failed', [
        {
          resource: 'DeploymentStatus',
          code: 'custom',
          field: name,
          message: `${name} must use http(s) scheme`,
        },
      ])
    }
  }
  const state = text(body, 'state') ?? ''
  const status: DeploymentStatus = {
    id: site.state.nextId(),
    state,
    description,
    environmentUrl: text(body, 'environment_url') ?? '',
    logUrl: text(body, 'log_url') ?? text(body, 'target_url') ?? '',
    user: token.user,
    createdAt: site.state.now(),
  }
  deployment.statuses.push(status)
  if (state === 'success' && body['auto_inactive'] !== false) retire(call, deployment)
  return { status: 201, body: deploymentStatusDocument(site, deployment, status) }
}

/** A success puts out of use the earlier deployments to that environment which are neither transient nor production. */
function retire({ site, token }: Call, winner: Deployment): void {
  for (const other of site.state.deployments) {
    if (other.id >= winner.id || other.environment !== winner.environment) continue
    if (other.transient || other.production) continue
    if (other.statuses.at(-1)?.state !== 'success') continue
    other.statuses.push({
      id: site.state.nextId(),
      state: 'inactive',
      description: '',
      environmentUrl: '',
      logUrl: '',
      user: token.user,
      createdAt: site.state.now(),
    })
  }
}

export const deploymentRoutes: Routes = {
  'repos/create-deployment': { needs, access: 'write', run: create },
  'repos/list-deployments': { needs, access: 'read', run: list },
  'repos/get-deployment': { needs, access: 'read', run: get },
  'repos/list-deployment-statuses': { needs, access: 'read', run: listStatuses },
  'repos/create-deployment-status': { needs, access: 'write', run: createStatus },
}
