import { createHash } from 'node:crypto'
import { nodeId, repositoryUrl, type Site, webUrl } from './site.js'

/** Git's own name of a file's content. */
export function blobSha(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

/** Above this GitHub gives no content, and `none` as its encoding. */
const INLINE = 2 ** 20

export function contentDocument(
  site: Site,
  file: { readonly sha: string; readonly path: string; readonly content: Buffer },
) {
  const { path, content } = file
  const sha = blobSha(content)
  const url = `${repositoryUrl(site)}/contents/${path}?ref=${file.sha}`
  const git = `${repositoryUrl(site)}/git/blobs/${sha}`
  const html = `${webUrl(site)}/blob/${file.sha}/${path}`
  const inline = content.length <= INLINE
  return {
    type: 'file',
    encoding: inline ? 'base64' : 'none',
    size: content.length,
    name: path.split('/').at(-1),
    path,
    content: inline ? content.toString('base64').replace(/.{60}/g, '$&\n') : '',
    sha,
    url,
    git_url: git,
    html_url: html,
    download_url: html,
    _links: { git, self: url, html },
  }
}

export function blobDocument(site: Site, content: Buffer) {
  const sha = blobSha(content)
  return {
    sha,
    node_id: nodeId('B', sha),
    size: content.length,
    url: `${repositoryUrl(site)}/git/blobs/${sha}`,
    content: content.toString('base64').replace(/.{60}/g, '$&\n'),
    encoding: 'base64',
  }
}

export function commitDocument(site: Site, sha: string) {
  const url = `${repositoryUrl(site)}/commits/${sha}`
  const who = { name: 'Octo', email: 'octo@example.com', date: '2026-01-01T00:00:00Z' }
  return {
    sha,
    node_id: nodeId('C', sha),
    url,
    html_url: `${webUrl(site)}/commit/${sha}`,
    comments_url: `${url}/comments`,
    commit: {
      ...{ author: who, committer: who, message: 'Change', comment_count: 0 },
      tree: { sha, url: `${repositoryUrl(site)}/git/trees/${sha}` },
      url: `${repositoryUrl(site)}/git/commits/${sha}`,
    },
    author: null,
    committer: null,
    parents: parentsOf(site, sha),
  }
}

function parentsOf(site: Site, sha: string) {
  const parent = site.state.parents.get(sha)
  return parent === undefined
    ? []
    : [{ sha: parent, url: `${repositoryUrl(site)}/commits/${parent}` }]
}

export function comparisonDocument(
  site: Site,
  shas: { base: string; head: string; merge: string },
) {
  const range = `${shas.base}...${shas.head}`
  const web = `${webUrl(site)}/compare/${range}`
  return {
    url: `${repositoryUrl(site)}/compare/${range}`,
    html_url: web,
    permalink_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    base_commit: commitDocument(site, shas.base),
    merge_base_commit: commitDocument(site, shas.merge),
    status: 'diverged',
    ahead_by: 1,
    behind_by: 1,
    total_commits: 1,
    commits: [commitDocument(site, shas.head)],
    files: [],
  }
}
