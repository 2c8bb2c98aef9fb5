import type { User } from '../identity.js'
import type { Approval, Deployment, DeploymentStatus } from '../state.js'
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

export function environmentDocument(site: Site, name: string, reviewers: readonly User[]) {
  const id = [...site.state.environments.keys()].indexOf(name) + 1
  const rule = {
    id,
    node_id: nodeId('GA', id),
    type: 'required_reviewers',
    prevent_self_review: false,
    reviewers: reviewers.map((user) => ({ type: 'User', reviewer: userDocument(site, user) })),
  }
  return {
    id,
    node_id: nodeId('EN', id),
    name,
    url: `${repositoryUrl(site)}/environments/${encodeURIComponent(name)}`,
    html_url: `${webUrl(site)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: '2025-01-01T00:00:00Z',
    updated_at: '2025-01-01T00:00:00Z',
    protection_rules: reviewers.length > 0 ? [rule] : [],
    deployment_branch_policy: null,
  }
}

export function approvalDocument(site: Site, approval: Approval) {
  const {
    protection_rules: _rules,
    deployment_branch_policy: _policy,
    ...environment
  } = environmentDocument(site, approval.environment, [])
  return {
    environments: [environment],
    state: approval.state,
    user: userDocument(site, approval.user),
    comment: approval.comment,
  }
}
