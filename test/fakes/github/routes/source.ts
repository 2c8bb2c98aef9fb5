import { type Answer, type Call, notFound, type Routes, refusal } from '../answer.js'
import {
  blobDocument,
  blobSha,
  commitDocument,
  comparisonDocument,
  contentDocument,
} from '../documents/source.js'
import { commitOf } from './commits.js'
import { commonAncestor } from './git.js'

/** Files, commits and comparisons; git itself is not part of the stand-in, so that each is arranged by the test. */

function content({ site, variables, query }: Call): Answer {
  const { state } = site
  const sha = commitOf(state, query.get('ref') ?? state.defaultBranch)
  if (sha === undefined) return refusal(404, `No commit found for the ref ${query.get('ref')}`)
  const path = variables['path'] ?? ''
  const found = state.files.get(`${sha}:${path}`)
  if (found !== undefined) {
    return { status: 200, body: contentDocument(site, { sha, path, content: found }) }
  }
  const inside = [...state.files]
    .filter(([key]) => key.startsWith(`${sha}:${path}/`))
    .map(([key, file]) => {
      const document = contentDocument(site, {
        sha,
        path: key.slice(sha.length + 1),
        content: file,
      })
      const { content: _content, encoding: _encoding, ...entry } = document
      return entry
    })
  return inside.length === 0 ? notFound : { status: 200, body: inside }
}

function blob({ site, variables }: Call): Answer {
  const found = [...site.state.files.values()].find(
    (file) => blobSha(file) === variables['file_sha'],
  )
  return found === undefined ? notFound : { status: 200, body: blobDocument(site, found) }
}

function commit({ site, variables }: Call): Answer {
  const ref = variables['ref'] ?? ''
  const sha = commitOf(site.state, ref)
  if (sha === undefined) return refusal(422, `No commit found for SHA: ${ref}`)
  return { status: 200, body: commitDocument(site, sha) }
}

function compare({ site, variables }: Call): Answer {
  const [base, head] = (variables['basehead'] ?? '')
    .split('...')
    .map((ref) => commitOf(site.state, ref))
  if (base === undefined || head === undefined) return notFound
  const merge =
    site.state.mergeBases.get(`${base}...${head}`) ?? commonAncestor(site.state, base, head)
  if (merge === undefined) return notFound
  return { status: 200, body: comparisonDocument(site, { base, head, merge }) }
}

const needs = ['contents'] as const

export const sourceRoutes: Routes = {
  'repos/get-content': { needs, access: 'read', run: content },
  'git/get-blob': { needs, access: 'read', run: blob },
  'repos/get-commit': { needs, access: 'read', run: commit },
  'repos/compare-commits-with-basehead': { needs, access: 'read', run: compare },
}
