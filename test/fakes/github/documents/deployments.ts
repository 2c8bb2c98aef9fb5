import type { Approval, Deployment, DeploymentStatus, Environment } from '../state.js'
import { nodeId, repositoryUrl, type Site, userDocument, webUrl } from './site.js'

export function deploymentDocument(site: Site, deployment: Deployment) {
  const url = `${repositoryUrl(site)}/deployments/${deployment.id}`
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: deployment.createdAt,
    updated_at: deployment.statuses.at(-1)?.createdAt ?? deployment.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(site),
    creator: userDocument(site, deployment.user),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: null,
  }
}

export function deploymentStatusDocument(
  site: Site,
  deployment: Deployment,
  status: DeploymentStatus,
) {
  const url = `${repositoryUrl(site)}/deployments/${deployment.id}`
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: userDocument(site, status.user),
    description: status.description,
    environment: deployment.environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repositoryUrl(site),
    performed_via_github_app: null,
  }
}

export function environmentDocument(site: Site, name: string, environment: Environment) {
  const id = [...site.state.environments.keys()].indexOf(name) + 1
  return {
    id,
    node_id: nodeId('EN', id),
    name,
    url: `${repositoryUrl(site)}/environments/${encodeURIComponent(name)}`,
    html_url: `${webUrl(site)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: '2025-01-01T00:00:00Z',
    updated_at: '2025-01-01T00:00:00Z',
    protection_rules: rulesOf(site, id, environment),
    deployment_branch_policy: branchPolicy(environment),
  }
}

function branchPolicy({ branches }: Environment) {
  if (branches === 'all') return null
  const isProtected = branches === 'protected'
  return { protected_branches: isProtected, custom_branch_policies: !isProtected }
}

/** GitHub leaves a rule out where there is nothing to it. */
function rulesOf(site: Site, id: number, environment: Environment): readonly object[] {
  const { reviewers, teams, preventSelfReview, waitTimer, branches } = environment
  const base = { id, node_id: nodeId('GA', id) }
  const people = reviewers.map((user) => ({ type: 'User', reviewer: userDocument(site, user) }))
  const groups = teams.map((slug) => ({ type: 'Team', reviewer: teamDocument(site, slug) }))
  const self = preventSelfReview === undefined ? {} : { prevent_self_review: preventSelfReview }
  return [
    ...(waitTimer > 0 ? [{ ...base, type: 'wait_timer', wait_timer: waitTimer }] : []),
    ...(people.length + groups.length > 0
      ? [{ ...base, type: 'required_reviewers', ...self, reviewers: [...people, ...groups] }]
      : []),
    ...(branches === 'all' ? [] : [{ ...base, type: 'branch_policy' }]),
  ]
}

function teamDocument(site: Site, slug: string) {
  const id = slug.length
  const url = `${site.api}/organizations/1/team/${id}`
  return {
    ...{ id, node_id: nodeId('T', id), url, name: slug, slug, description: null },
    ...{ privacy: 'closed', notification_setting: 'notifications_enabled', permission: 'push' },
    html_url: `https://github.com/orgs/${site.state.owner}/teams/${slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    organization_id: 1,
    parent: null,
  }
}

const NO_RULES: Environment = {
  reviewers: [],
  teams: [],
  preventSelfReview: undefined,
  waitTimer: 0,
  branches: 'all',
}

export function approvalDocument(site: Site, approval: Approval) {
  const {
    protection_rules: _rules,
    deployment_branch_policy: _policy,
    ...environment
  } = environmentDocument(site, approval.environment, NO_RULES)
  return {
    environments: [environment],
    state: approval.state,
    user: userDocument(site, approval.user),
    comment: approval.comment,
  }
}
