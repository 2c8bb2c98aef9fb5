import type { CheckRun, CommitStatus } from '../state.js'
import { nodeId, repositoryUrl, type Site, userDocument, webUrl } from './site.js'

export function statusDocument(site: Site, status: CommitStatus) {
  return {
    url: `${repositoryUrl(site)}/statuses/${status.sha}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${status.user.id}`,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: userDocument(site, status.user),
  }
}

export function checkRunDocument(site: Site, run: CheckRun) {
  const url = `${repositoryUrl(site)}/check-runs/${run.id}`
  const output = (run.fields['output'] ?? {}) as Readonly<Record<string, unknown>>
  const annotations = Array.isArray(output['annotations']) ? output['annotations'].length : 0
  const conclusion = run.fields['conclusion'] ?? null
  return {
    id: run.id,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.fields['external_id'] ?? '',
    name: run.fields['name'],
    url,
    html_url: `${webUrl(site)}/runs/${run.id}`,
    details_url: run.fields['details_url'] ?? `${webUrl(site)}/runs/${run.id}`,
    status: conclusion === null ? (run.fields['status'] ?? 'queued') : 'completed',
    conclusion,
    started_at: run.fields['started_at'] ?? run.createdAt,
    completed_at: run.fields['completed_at'] ?? (conclusion === null ? null : run.createdAt),
    check_suite: { id: run.id + 1 },
    app: null,
    pull_requests: [],
    output: {
      title: output['title'] ?? null,
      summary: output['summary'] ?? null,
      text: output['text'] ?? null,
      annotations_count: annotations,
      annotations_url: `${url}/annotations`,
    },
  }
}
