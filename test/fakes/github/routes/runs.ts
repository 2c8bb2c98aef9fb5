import { type Answer, type Call, notFound, type Routes, refusal } from '../answer.js'
import { runDocument } from '../documents/runs.js'
import { nodeId, repositoryUrl, type Site, userDocument } from '../documents/site.js'

/** Runs of workflows, their artifacts' content, what people may do, and what they did to a pull request. */

function listRuns({ site, query }: Call): Answer {
  const wanted = (name: string, ...values: readonly (string | null)[]) => {
    const asked = query.get(name)
    return asked === null || values.includes(asked)
  }
  const found = site.state.runs.filter(
    (run) =>
      wanted('head_sha', run.headSha) &&
      wanted('branch', run.headBranch) &&
      wanted('event', run.event) &&
      wanted('status', run.status, run.conclusion),
  )
  return {
    list: found.reverse().map((run) => runDocument(site, run)),
    wrap: (workflow_runs) => ({ total_count: found.length, workflow_runs }),
  }
}

function find({ site, variables }: Call) {
  return site.state.runs.find(({ id }) => id === Number(variables['run_id']))
}

function getRun(call: Call): Answer {
  const run = find(call)
  return run === undefined ? notFound : { status: 200, body: runDocument(call.site, run) }
}

function rerunFailed(call: Call): Answer {
  const run = find(call)
  if (run === undefined) return notFound
  if (run.status !== 'completed') return refusal(403, 'This workflow is already running')
  if (run.conclusion === 'success') {
    return refusal(403, 'This workflow run cannot be retried')
  }
  Object.assign(run, { status: 'queued', conclusion: null, attempt: run.attempt + 1 })
  return { status: 201, body: {} }
}

/** The signature of an address holds for one artifact. */
function signatureOf(id: number): string {
  return Buffer.from(`signed ${id}`).toString('base64url')
}

function download({ site, variables }: Call): Answer {
  const artifact = site.state.artifacts.find(({ id }) => id === Number(variables['artifact_id']))
  if (artifact === undefined || variables['archive_format'] !== 'zip') return notFound
  if (artifact.expired || artifact.zip === undefined) return refusal(410, 'Artifact has expired')
  const { origin } = new URL(site.api)
  const location = `${origin}/_storage/${artifact.id}.zip?sig=${signatureOf(artifact.id)}`
  return { status: 302, headers: { location } }
}

/** What an address of the storage holds, if its signature is right. */
export function blobOf(site: Site, url: URL): Buffer | undefined {
  const id = Number(/^\/_storage\/(\d+)\.zip$/.exec(url.pathname)?.[1])
  if (url.searchParams.get('sig') !== signatureOf(id)) return undefined
  return site.state.artifacts.find((artifact) => artifact.id === id)?.zip
}

function permission({ site, variables }: Call): Answer {
  const login = variables['username'] ?? ''
  const known = site.state.collaborators.get(login.toLowerCase())
  if (known === undefined) return refusal(404, `${login} is not a user`)
  const user = {
    ...userDocument(site, site.state.person(login)),
    role_name: known.role,
  }
  return { status: 200, body: { permission: known.permission, role_name: known.role, user } }
}

function membership({ site, token, variables }: Call): Answer {
  if (token.kind === 'installation') return refusal(403, 'Resource not accessible by integration')
  const { org, team_slug: team, username = '' } = variables
  if (site.state.teams.get(`${org}/${team}`)?.has(username.toLowerCase()) !== true) return notFound
  const url = `${site.api}/orgs/${org}/teams/${team}/memberships/${username}`
  return { status: 200, body: { url, role: 'member', state: 'active' } }
}

function events({ site, variables }: Call): Answer {
  const issue = Number(variables['issue_number'])
  const found = site.state.events.filter((event) => event.issue === issue)
  return {
    list: found.map((event) => ({
      id: event.id,
      node_id: nodeId('HRFPE', event.id),
      url: `${repositoryUrl(site)}/issues/events/${event.id}`,
      actor: userDocument(site, event.user),
      event: event.event,
      commit_id: event.commitId,
      commit_url:
        event.commitId === null ? null : `${repositoryUrl(site)}/commits/${event.commitId}`,
      created_at: event.createdAt,
      performed_via_github_app: null,
    })),
  }
}

function react({ site, token, variables, body }: Call): Answer {
  const comment = Number(variables['comment_id'])
  if (!site.state.comments.some(({ id }) => id === comment)) return notFound
  const content = String(body['content'])
  const { user } = token
  const { reactions } = site.state
  const before = reactions.find(
    (one) => one.comment === comment && one.user === user && one.content === content,
  )
  const reaction = before ?? {
    ...{ id: site.state.nextId(), comment, user, content },
    createdAt: site.state.now(),
  }
  if (before === undefined) reactions.push(reaction)
  return {
    status: before === undefined ? 201 : 200,
    body: {
      id: reaction.id,
      node_id: nodeId('REA', reaction.id),
      user: userDocument(site, user),
      content,
      created_at: reaction.createdAt,
    },
  }
}

const actions = ['actions'] as const
const talk = ['issues', 'pull-requests'] as const

export const runRoutes: Routes = {
  'actions/list-workflow-runs-for-repo': { needs: actions, access: 'read', run: listRuns },
  'actions/get-workflow-run': { needs: actions, access: 'read', run: getRun },
  'actions/re-run-workflow-failed-jobs': { needs: actions, access: 'write', run: rerunFailed },
  'actions/download-artifact': { needs: actions, access: 'read', run: download },
  'repos/get-collaborator-permission-level': { needs: [], access: 'read', run: permission },
  'teams/get-membership-for-user-in-org': { needs: [], access: 'read', run: membership },
  'issues/list-events': { needs: talk, access: 'read', run: events },
  'reactions/create-for-issue-comment': { needs: talk, access: 'write', run: react },
}
