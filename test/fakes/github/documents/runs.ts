import type { Run } from '../state.js'
import { repositoryDocument } from './repository.js'
import { nodeId, repositoryUrl, type Site, userDocument, webUrl } from './site.js'

export function runDocument(site: Site, run: Run) {
  const url = `${repositoryUrl(site)}/actions/runs/${run.id}`
  const actor = userDocument(site, site.state.person('octocat'))
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WFR', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    display_title: run.name,
    run_number: run.id,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: 7,
    check_suite_id: run.id + 1,
    check_suite_node_id: nodeId('CS', run.id + 1),
    url,
    html_url: `${webUrl(site)}/actions/runs/${run.id}`,
    // GitHub leaves this empty for pull requests from forks.
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.createdAt,
    run_started_at: run.createdAt,
    actor,
    triggering_actor: actor,
    run_attempt: run.attempt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(site)}/check-suites/${run.id + 1}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${repositoryUrl(site)}/actions/workflows/7`,
    head_commit: null,
    repository: repositoryDocument(site),
    head_repository: repositoryDocument(site, run.headRepository),
  }
}
