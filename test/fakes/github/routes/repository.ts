import { type Answer, type Call, notFound, type Routes, refusal } from '../answer.js'
import { approvalDocument, environmentDocument } from '../documents/deployments.js'
import { artifactDocument, repositoryDocument } from '../documents/repository.js'
import { publicUserDocument } from '../documents/site.js'
import type { Artifact } from '../state.js'

function listArtifacts(call: Call, belongs: (artifact: Artifact) => boolean): Answer {
  const name = call.query.get('name')
  const found = call.site.state.artifacts.filter(
    (artifact) => belongs(artifact) && (name === null || artifact.name === name),
  )
  return {
    list: found.reverse().map((artifact) => artifactDocument(call.site, artifact)),
    wrap: (artifacts) => ({ total_count: found.length, artifacts }),
  }
}

function runArtifacts(call: Call): Answer {
  return listArtifacts(call, ({ runId }) => runId === Number(call.variables['run_id']))
}

function environment({ site, variables }: Call): Answer {
  const refused = site.state.environmentsRefused
  if (refused !== undefined) return refusal(refused.status, refused.message)
  const name = variables['environment_name'] ?? ''
  const [found] = [...site.state.environments].filter(
    ([known]) => known.toLowerCase() === name.toLowerCase(),
  )
  if (found === undefined) return notFound
  return { status: 200, body: environmentDocument(site, found[0], found[1]) }
}

function approvals({ site, variables }: Call): Answer {
  const found = site.state.approvals.filter(({ runId }) => runId === Number(variables['run_id']))
  return { status: 200, body: found.map((approval) => approvalDocument(site, approval)) }
}

function user({ site, token }: Call): Answer {
  if (token.kind === 'installation') return refusal(403, 'Resource not accessible by integration')
  return { status: 200, body: publicUserDocument(site, token.user) }
}

const actions = ['actions'] as const

export const repositoryRoutes: Routes = {
  'repos/get': {
    needs: [],
    access: 'read',
    run: ({ site }) => ({ status: 200, body: repositoryDocument(site) }),
  },
  'users/get-authenticated': { needs: [], access: 'read', run: user },
  'repos/get-environment': { needs: actions, access: 'read', run: environment },
  'actions/get-reviews-for-run': { needs: actions, access: 'read', run: approvals },
  'actions/list-artifacts-for-repo': {
    needs: actions,
    access: 'read',
    run: (call) => listArtifacts(call, () => true),
  },
  'actions/list-workflow-run-artifacts': { needs: actions, access: 'read', run: runArtifacts },
}
