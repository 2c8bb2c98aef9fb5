import type { User } from '../identity.js'
import type { GitHubState } from '../state.js'

/** GitHub's JSON for each thing that is remembered. */

export interface Site {
  /** Where the API is, without a slash at the end. */
  readonly api: string
  readonly state: GitHubState
}

export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`
}

export function repositoryUrl(site: Site): string {
  return `${site.api}/repos/${site.state.repository}`
}

export function webUrl(site: Site): string {
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
