import { type Answer, type Call, notFound, type Routes, refusal, text } from '../answer.js'
import { gitCommitDocument, refDocument } from '../documents/git.js'
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
  if (files.length === 0) return refusal(422, 'Invalid tree info')
  const sha = shaOf(JSON.stringify(files.map((file) => [file.path, file.content.toString()])))
  site.state.trees.set(sha, new Map(files.map(({ path, content }) => [path, content])))
  const tree = files.map(({ path, mode, content }) => ({
    ...{ path, mode, type: 'blob', sha: blobSha(content), size: content.length },
  }))
  return { status: 201, body: { sha, tree, truncated: false } }
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
function getRef({ site, variables }: Call): Answer {
  const ref = `refs/${variables['ref']}`
  const sha = site.state.refs.get(ref)
  return sha === undefined ? notFound : { status: 200, body: refDocument(site, ref, sha) }
}

function createRef({ site, body }: Call): Answer {
  const ref = text(body, 'ref') ?? ''
  if (!/^refs\/[^/]+\/./.test(ref)) return refusal(422, `${ref} is not a valid ref name.`)
  if (site.state.refs.has(ref)) return refusal(422, 'Reference already exists')
  const sha = text(body, 'sha') ?? ''
  site.state.refs.set(ref, sha)
  return { status: 201, body: refDocument(site, ref, sha) }
}

function updateRef({ site, variables, body }: Call): Answer {
  const ref = `refs/${variables['ref']}`
  const before = site.state.refs.get(ref)
  if (before === undefined) return refusal(422, 'Reference does not exist')
  const sha = text(body, 'sha') ?? ''
  if (body['force'] !== true && !descends(site.state, sha, before)) {
    return refusal(422, 'Update is not a fast forward')
  }
  site.state.refs.set(ref, sha)
  return { status: 200, body: refDocument(site, ref, sha) }
}

function descends(state: GitHubState, sha: string, ancestor: string): boolean {
  for (let at: string | undefined = sha; at !== undefined; at = state.parents.get(at)) {
    if (at === ancestor) return true
  }
  return false
}

const needs = ['contents'] as const

export const gitRoutes: Routes = {
  'git/create-tree': { needs, access: 'write', run: createTree },
  'git/create-commit': { needs, access: 'write', run: createCommit },
  'git/get-ref': { needs, access: 'read', run: getRef },
  'git/create-ref': { needs, access: 'write', run: createRef },
  'git/update-ref': { needs, access: 'write', run: updateRef },
}
