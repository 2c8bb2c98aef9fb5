import { type Answer, type Call, notFound, type Routes, refusal, text } from '../answer.js'
import { gitCommitDocument, refDocument, treeDocument } from '../documents/git.js'
import { blobSha } from '../documents/source.js'
import { shaOf } from '../setup.js'
import type { GitHubState } from '../state.js'

/** Making trees, commits and references: what a compare-and-swap needs. */

function createTree({ site, body }: Call): Answer {
  const entries = Array.isArray(body['tree']) ? body['tree'] : []
  const files = entries.map((entry: Record<string, unknown>) => ({
    path: String(entry['path']),
    mode: String(entry['mode'] ?? '100644'),
    content: Buffer.from(String(entry['content'] ?? '')),
  }))
  if (files.length === 0 || files.some(({ path }) => isBadPath(path))) {
    return refusal(422, 'Invalid tree info')
  }
  const base = text(body, 'base_tree')
  const before = base === undefined ? new Map<string, Buffer>() : site.state.trees.get(base)
  if (before === undefined) return refusal(422, 'base_tree is not a valid tree')
  const all = new Map([...before, ...files.map(({ path, content }) => [path, content] as const)])
  const sha = rememberTree(site.state, all)
  const tree = files.map(({ path, mode, content }) => ({
    ...{ path, mode, type: 'blob', sha: blobSha(content), size: content.length },
  }))
  return { status: 201, body: { sha, tree, truncated: false } }
}

function isBadPath(path: string): boolean {
  return path.split('/').some((part) => ['', '.', '..', '.git'].includes(part))
}

function rememberTree(state: GitHubState, files: ReadonlyMap<string, Buffer>): string {
  const listed = [...files].map(([path, content]) => [path, content.toString('latin1')])
  const sha = shaOf(JSON.stringify(listed.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))))
  state.trees.set(sha, files)
  return sha
}

/** The tree of any commit, of one that a test arranged by addFile, too. */
function treeOf(state: GitHubState, commit: string): string {
  const own = [...state.files].filter(([key]) => key.startsWith(`${commit}:`))
  return rememberTree(
    state,
    new Map(own.map(([key, content]) => [key.slice(commit.length + 1), content])),
  )
}

function getCommit({ site, variables }: Call): Answer {
  const { state } = site
  const sha = variables['commit_sha'] ?? ''
  const isKnown =
    [...state.refs.values()].includes(sha) ||
    state.parents.has(sha) ||
    [...state.files.keys()].some((key) => key.startsWith(`${sha}:`))
  if (!isKnown) return notFound
  const parents = [state.parents.get(sha)].filter((parent) => parent !== undefined)
  const commit = { sha, tree: treeOf(state, sha), parents, message: 'Change' }
  return { status: 200, body: gitCommitDocument(site, commit) }
}

/** One level, as GitHub gives it unless it is asked for more. */
function getTree({ site, variables }: Call): Answer {
  const { state } = site
  const sha = variables['tree_sha'] ?? ''
  const files = state.trees.get(sha)
  if (files === undefined) return notFound
  const below = new Map<string, Map<string, Buffer>>()
  const entries: { path: string; mode: string; type: string; sha: string; size?: number }[] = []
  for (const [path, content] of files) {
    const [first = '', ...rest] = path.split('/')
    if (rest.length === 0) {
      const mode = state.modes.get(first) ?? '100644'
      const type = mode === '160000' ? 'commit' : 'blob'
      entries.push({ path: first, mode, type, sha: blobSha(content), size: content.length })
    } else {
      below.set(first, (below.get(first) ?? new Map()).set(rest.join('/'), content))
    }
  }
  for (const [path, inside] of below) {
    entries.push({ path, mode: '040000', type: 'tree', sha: rememberTree(state, inside) })
  }
  return { status: 200, body: treeDocument(site, sha, entries) }
}

function createCommit({ site, body }: Call): Answer {
  const { state } = site
  const tree = text(body, 'tree') ?? ''
  const files = state.trees.get(tree)
  if (files === undefined) return refusal(422, 'Tree SHA does not exist')
  const parents = Array.isArray(body['parents']) ? body['parents'].map(String) : []
  const message = text(body, 'message') ?? ''
  const sha = shaOf(JSON.stringify([tree, parents, message, state.nextId()]))
  const [parent] = parents
  if (parent !== undefined) state.parents.set(sha, parent)
  for (const [path, content] of files) state.files.set(`${sha}:${path}`, content)
  return { status: 201, body: gitCommitDocument(site, { sha, tree, parents, message }) }
}

/** References outside of branches and tags keep their whole name. */
function keyOfVariable(variables: Call['variables']): {
  readonly key: string
  readonly ref: string
} {
  const name = variables['ref'] ?? ''
  const key = name.startsWith('heads/') ? name.slice('heads/'.length) : `refs/${name}`
  return { key, ref: `refs/${name}` }
}

function getRef({ site, variables }: Call): Answer {
  const { key, ref } = keyOfVariable(variables)
  const sha = site.state.refs.get(key)
  return sha === undefined ? notFound : { status: 200, body: refDocument(site, ref, sha) }
}

function createRef({ site, body }: Call): Answer {
  const ref = text(body, 'ref') ?? ''
  if (!/^refs\/[^/]+\/./.test(ref) || /\.\.|[\s~^:?*[\\]|\/\/|\/$|\.lock$/.test(ref)) {
    return refusal(422, `${ref} is not a valid ref name.`)
  }
  const key = ref.replace(/^refs\/heads\//, '')
  if (site.state.refs.has(key)) return refusal(422, 'Reference already exists')
  const sha = text(body, 'sha') ?? ''
  site.state.refs.set(key, sha)
  return { status: 201, body: refDocument(site, ref, sha) }
}

function updateRef({ site, variables, body }: Call): Answer {
  const { key, ref } = keyOfVariable(variables)
  const { state } = site
  const before = state.refs.get(key)
  if (before === undefined) return refusal(422, 'Reference does not exist')
  if (state.protectedBranches.has(key)) {
    return refusal(422, 'Changes must be made through a pull request.')
  }
  const sha = text(body, 'sha') ?? ''
  if (body['force'] !== true && !descends(state, sha, before)) {
    return refusal(422, 'Update is not a fast forward')
  }
  state.refs.set(key, sha)
  for (const pull of state.pulls.values()) {
    if (pull.headRef === key && pull.state === 'open') pull.headSha = sha
  }
  return { status: 200, body: refDocument(site, ref, sha) }
}

/** An open pull request from the branch is closed with it. */
function deleteRef({ site, variables }: Call): Answer {
  const { key } = keyOfVariable(variables)
  if (!site.state.refs.delete(key)) return refusal(422, 'Reference does not exist')
  for (const pull of site.state.pulls.values()) if (pull.headRef === key) pull.state = 'closed'
  return { status: 204 }
}

export function descends(state: GitHubState, sha: string, ancestor: string): boolean {
  for (let at: string | undefined = sha; at !== undefined; at = state.parents.get(at)) {
    if (at === ancestor) return true
  }
  return false
}

/** The newest ancestor of both, by first parents; undefined where they have none in common. */
export function commonAncestor(state: GitHubState, a: string, b: string): string | undefined {
  for (let at: string | undefined = a; at !== undefined; at = state.parents.get(at)) {
    if (descends(state, b, at)) return at
  }
  return undefined
}

/** A commit with some files changed, as a merge and as a test makes one. */
export function commitOnTop(
  state: GitHubState,
  parent: string,
  changed: ReadonlyMap<string, string | Buffer>,
): string {
  const sha = shaOf(JSON.stringify([parent, state.nextId()]))
  state.parents.set(sha, parent)
  for (const [key, content] of [...state.files]) {
    if (key.startsWith(`${parent}:`)) {
      state.files.set(`${sha}${key.slice(parent.length)}`, content)
    }
  }
  for (const [path, content] of changed) state.files.set(`${sha}:${path}`, Buffer.from(content))
  return sha
}

const needs = ['contents'] as const

export const gitRoutes: Routes = {
  'git/create-tree': { needs, access: 'write', run: createTree },
  'git/get-tree': { needs, access: 'read', run: getTree },
  'git/create-commit': { needs, access: 'write', run: createCommit },
  'git/get-commit': { needs, access: 'read', run: getCommit },
  'git/get-ref': { needs, access: 'read', run: getRef },
  'git/create-ref': { needs, access: 'write', run: createRef },
  'git/update-ref': { needs, access: 'write', run: updateRef },
  'git/delete-ref': { needs, access: 'write', run: deleteRef },
}
