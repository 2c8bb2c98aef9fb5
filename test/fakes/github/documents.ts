import { createHash } from 'node:crypto'
import { actionsBot, type User } from './identity.js'
import type {
  Approval,
  Artifact,
  CheckRun,
  Comment,
  CommitStatus,
  Deployment,
  DeploymentStatus,
  GitHubState,
  PullRequest,
} from './state.js'

/** GitHub's JSON for each thing that is remembered. */

export interface Site {
  /** Where the API is, without a slash at the end. */
  readonly api: string
  readonly state: GitHubState
}

function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`
}

function repositoryUrl(site: Site): string {
  return `${site.api}/repos/${site.state.repository}`
}

function webUrl(site: Site): string {
  return `https://github.com/${site.state.repository}`
}

export function userDocument(site: Site, user: User) {
  const url = `${site.api}/users/${encodeURIComponent(user.login)}`
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('U', user.id),
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id}`,
    gravatar_id: '',
    url,
    html_url: `https://github.com/${user.login.replace(/\[bot\]$/, '')}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    site_admin: false,
  }
}

export function publicUserDocument(site: Site, user: User) {
  return {
    ...userDocument(site, user),
    name: null,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
  }
}

const repositoryLinks = [
  'archive',
  'assignees',
  'blobs',
  'branches',
  'collaborators',
  'comments',
  'commits',
  'compare',
  'contents',
  'contributors',
  'deployments',
  'downloads',
  'events',
  'forks',
  'git_commits',
  'git_refs',
  'git_tags',
  'hooks',
  'issue_comment',
  'issue_events',
  'issues',
  'keys',
  'labels',
  'languages',
  'merges',
  'milestones',
  'notifications',
  'pulls',
  'releases',
  'stargazers',
  'statuses',
  'subscribers',
  'subscription',
  'tags',
  'teams',
  'trees',
] as const

export function repositoryDocument(site: Site, slug = site.state.repository) {
  const [owner = '', name = ''] = slug.split('/')
  const url = `${site.api}/repos/${slug}`
  const web = `https://github.com/${slug}`
  return {
    ...Object.fromEntries(repositoryLinks.map((link) => [`${link}_url`, `${url}/${link}`])),
    id: 1296269,
    node_id: nodeId('R', slug),
    name,
    full_name: slug,
    private: true,
    owner: userDocument(site, site.state.person(owner)),
    html_url: web,
    description: null,
    fork: slug !== site.state.repository,
    url,
    git_url: `git://github.com/${slug}.git`,
    ssh_url: `git@github.com:${slug}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: site.state.defaultBranch,
    has_downloads: true,
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    size: 1,
    forks: 0,
    forks_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    stargazers_count: 0,
    subscribers_count: 0,
    network_count: 0,
    watchers: 0,
    watchers_count: 0,
    pushed_at: '2026-01-01T00:00:00Z',
    created_at: '2025-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  }
}

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
function appDocument(site: Site, user: User) {
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
    merged_at: null,
    merge_commit_sha: createHash('sha1').update(`${pull.headSha}${pull.baseSha}`).digest('hex'),
    head: side(pull.headRepository, pull.headRef, pull.headSha),
    base: side(site.state.repository, pull.baseRef, pull.baseSha),
  }
}

/** What only the route of one pull request says. */
export function fullPullDocument(site: Site, pull: PullRequest) {
  const comments = site.state.comments.filter((comment) => comment.issue === pull.number).length
  return {
    ...pullDocument(site, pull),
    merged: false,
    mergeable: true,
    rebaseable: true,
    mergeable_state: 'clean',
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

export function artifactDocument(site: Site, artifact: Artifact) {
  const url = `${repositoryUrl(site)}/actions/artifacts/${artifact.id}`
  return {
    id: artifact.id,
    node_id: nodeId('AR', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.sizeInBytes,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expired,
    digest: artifact.digest,
    created_at: artifact.createdAt,
    updated_at: artifact.createdAt,
    expires_at: '2027-01-01T00:00:00Z',
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
