import { commitOnTop, commonAncestor } from './routes/git.js'
import type { GitHubState, PullRequest } from './state.js'

/** Files that differ between two commits, with what the second has. */
function changed(state: GitHubState, from: string, to: string): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>()
  for (const [key, content] of state.files) {
    if (!key.startsWith(`${to}:`)) continue
    const path = key.slice(to.length + 1)
    if (state.files.get(`${from}:${path}`)?.equals(content) !== true) found.set(path, content)
  }
  return found
}

/** Whether both sides have changed a file: finer than files the stand-in does not merge. */
export function conflicts(state: GitHubState, pull: PullRequest): boolean {
  const base = state.refs.get(pull.baseRef)
  const common = base === undefined ? undefined : commonAncestor(state, pull.headSha, base)
  if (base === undefined || common === undefined) return false
  const theirs = changed(state, common, base)
  return [...changed(state, common, pull.headSha).keys()].some((path) => theirs.has(path))
}

/** Merges as `squash` does: one commit on the base with what the head has changed. */
export function merge(state: GitHubState, pull: PullRequest): string {
  const base = state.refs.get(pull.baseRef) ?? ''
  const common = commonAncestor(state, pull.headSha, base) ?? base
  const sha = commitOnTop(state, base, changed(state, common, pull.headSha))
  state.refs.set(pull.baseRef, sha)
  pull.state = 'closed'
  pull.mergedAs = sha
  return sha
}
