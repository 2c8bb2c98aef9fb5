import { createHash } from 'node:crypto'
import { actionsBot, type User } from '../identity.js'
import { conflicts } from '../merging.js'
import type { Comment, PullRequest } from '../state.js'
import { repositoryDocument } from './repository.js'
import { nodeId, repositoryUrl, type Site, userDocument, webUrl } from './site.js'

export function commentDocument(site: Site, comment: Comment) {
  const isPull = site.state.pulls.has(comment.issue)
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url: `${repositoryUrl(site)}/issues/comments/${comment.id}`,
    html_url: `${webUrl(site)}/${isPull ? 'pull' : 'issues'}/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(site)}/issues/${comment.issue}`,
    user: userDocument(site, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: comment.user.type === 'Bot' ? 'NONE' : 'MEMBER',
    body: comment.body,
    performed_via_github_app: appDocument(site, comment.user),
  }
}

/** The App that a bot writes for. Nobody should need it to know github-actions[bot], so it is left out there. */
export function appDocument(site: Site, user: User) {
  if (user.type !== 'Bot' || user === actionsBot) return null
  const slug = user.login.replace(/\[bot\]$/, '')
  return {
    id: user.id,
    slug,
    node_id: nodeId('A', user.id),
    client_id: `Iv1.${user.id}`,
    owner: userDocument(site, site.state.person(`${slug}-maker`)),
    name: slug,
    description: '',
    external_url: `https://example.com/${slug}`,
    html_url: `https://github.com/apps/${slug}`,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
    permissions: { issues: 'write', metadata: 'read' },
    events: [],
  }
}

export function pullDocument(site: Site, pull: PullRequest) {
  const url = `${repositoryUrl(site)}/pulls/${pull.number}`
  const issue = `${repositoryUrl(site)}/issues/${pull.number}`
  const web = `${webUrl(site)}/pull/${pull.number}`
  const statuses = `${repositoryUrl(site)}/statuses/${pull.headSha}`
  const side = (slug: string, ref: string, sha: string) => ({
    label: `${slug.split('/')[0]}:${ref}`,
    ref,
    sha,
    user: userDocument(site, site.state.person(slug.split('/')[0] ?? '')),
    repo: repositoryDocument(site, slug),
  })
  const links = { self: url, html: web, issue, comments: `${issue}/comments`, statuses }
  const reviewLinks = {
    review_comments: `${url}/comments`,
    review_comment: url,
    commits: `${url}/commits`,
  }
  return {
    id: pull.number + 500_000,
    node_id: nodeId('PR', pull.number),
    number: pull.number,
    url,
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: issue,
    comments_url: `${issue}/comments`,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryUrl(site)}/pulls/comments{/number}`,
    statuses_url: statuses,
    _links: Object.fromEntries(
      Object.entries({ ...links, ...reviewLinks }).map(([name, href]) => [name, { href }]),
    ),
    state: pull.state,
    locked: false,
    title: pull.title,
    body: null,
    user: userDocument(site, pull.user),
    author_association: 'CONTRIBUTOR',
    labels: [],
    milestone: null,
    assignee: null,
    assignees: [],
    auto_merge: null,
    draft: false,
    created_at: pull.createdAt,
    updated_at: pull.createdAt,
    closed_at: null,
    merged_at: pull.mergedAs === undefined ? null : pull.createdAt,
    merge_commit_sha:
      pull.mergedAs ?? createHash('sha1').update(`${pull.headSha}${pull.baseSha}`).digest('hex'),
    head: side(pull.headRepository, pull.headRef, pull.headSha),
    base: side(site.state.repository, pull.baseRef, pull.baseSha),
  }
}

/** What only the route of one pull request says. */
export function fullPullDocument(site: Site, pull: PullRequest) {
  const comments = site.state.comments.filter((comment) => comment.issue === pull.number).length
  return {
    ...pullDocument(site, pull),
    merged: pull.mergedAs !== undefined,
    mergeable: !conflicts(site.state, pull),
    rebaseable: true,
    mergeable_state: conflicts(site.state, pull) ? 'dirty' : 'clean',
    merged_by: null,
    comments,
    review_comments: 0,
    maintainer_can_modify: pull.headRepository !== site.state.repository,
    commits: 1,
    additions: 1,
    deletions: 0,
    changed_files: 1,
  }
}
