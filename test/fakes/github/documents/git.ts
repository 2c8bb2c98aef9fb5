import type { GitHubState } from '../state.js'
import { nodeId, repositoryUrl, type Site, webUrl } from './site.js'

/** Git's objects and references, as far as they are made through the API. */

export function refDocument(site: Site, ref: string, sha: string) {
  return {
    ref,
    node_id: nodeId('REF', ref),
    url: `${repositoryUrl(site)}/git/${ref}`,
    object: { type: 'commit', sha, url: `${repositoryUrl(site)}/git/commits/${sha}` },
  }
}

interface MadeCommit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
}

export function gitCommitDocument(site: Site, { sha, tree, parents, message }: MadeCommit) {
  const url = `${repositoryUrl(site)}/git/commits`
  const web = `${webUrl(site)}/commit`
  const signature = { name: 'github-actions[bot]', email: 'bot@example.com', date: now(site.state) }
  return {
    sha,
    node_id: nodeId('C', sha),
    url: `${url}/${sha}`,
    html_url: `${web}/${sha}`,
    author: signature,
    committer: signature,
    message,
    tree: { sha: tree, url: `${repositoryUrl(site)}/git/trees/${tree}` },
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${url}/${parent}`,
      html_url: `${web}/${parent}`,
    })),
    verification: {
      verified: false,
      reason: 'unsigned',
      signature: null,
      payload: null,
      verified_at: null,
    },
  }
}

function now(state: GitHubState): string {
  return state.now()
}

interface TreeEntry {
  readonly path: string
  readonly mode: string
  readonly type: string
  readonly sha: string
}

export function treeDocument(site: Site, sha: string, tree: readonly TreeEntry[]) {
  return { sha, url: `${repositoryUrl(site)}/git/trees/${sha}`, tree, truncated: false }
}
