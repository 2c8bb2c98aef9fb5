import type { Issue } from '../state.js'
import { appDocument } from './pulls.js'
import { nodeId, repositoryUrl, type Site, userDocument, webUrl } from './site.js'

export function issueDocument(site: Site, issue: Issue) {
  const url = `${repositoryUrl(site)}/issues/${issue.number}`
  const assignees = issue.assignees.map((login) => userDocument(site, site.state.person(login)))
  return {
    id: issue.number + 700_000,
    node_id: nodeId('I', issue.number),
    url,
    repository_url: repositoryUrl(site),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${webUrl(site)}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: userDocument(site, issue.user),
    labels: issue.labels.map((name, index) => ({
      id: 100 + index,
      node_id: nodeId('LA', name),
      url: `${repositoryUrl(site)}/labels/${encodeURIComponent(name)}`,
      name,
      description: null,
      color: 'ededed',
      default: false,
    })),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    locked: false,
    comments: site.state.comments.filter((comment) => comment.issue === issue.number).length,
    closed_at: issue.state === 'closed' ? issue.updatedAt : null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    author_association: 'NONE',
    performed_via_github_app: appDocument(site, issue.user),
  }
}

/** What the list of issues says of a pull request, which is an issue too. */
export function pullAsIssue(site: Site, issue: Issue) {
  const web = `${webUrl(site)}/pull/${issue.number}`
  const url = `${repositoryUrl(site)}/pulls/${issue.number}`
  return {
    ...issueDocument(site, issue),
    pull_request: { url, html_url: web, diff_url: `${web}.diff`, patch_url: `${web}.patch` },
  }
}
