import { type Answer, type Call, notFound, type Routes, refusal, text } from '../answer.js'
import { fullPullDocument, pullDocument } from '../documents/pulls.js'
import { conflicts, merge } from '../merging.js'
import type { PullRequest } from '../state.js'

const needs = ['pull-requests'] as const

function list({ site, query }: Call): Answer {
  const state = query.get('state') ?? 'open'
  const head = query.get('head')
  const base = query.get('base')
  const found = [...site.state.pulls.values()].filter(
    (pull) =>
      (state === 'all' || pull.state === state) &&
      (base === null || pull.baseRef === base) &&
      // GitHub takes no notice of a head without its owner.
      (head?.includes(':') !== true ||
        `${pull.headRepository.split('/')[0]}:${pull.headRef}` === head),
  )
  return { list: found.reverse().map((pull) => pullDocument(site, pull)) }
}

function get({ site, variables }: Call): Answer {
  const pull = site.state.pulls.get(Number(variables['pull_number']))
  return pull === undefined ? notFound : { status: 200, body: fullPullDocument(site, pull) }
}

function ofCommit({ site, variables }: Call): Answer {
  const found = [...site.state.pulls.values()].filter(
    (pull) => pull.headSha === variables['commit_sha'],
  )
  return { list: found.map((pull) => pullDocument(site, pull)) }
}

function create({ site, token, body }: Call): Answer {
  const { state } = site
  const headRef = text(body, 'head') ?? ''
  const baseRef = text(body, 'base') ?? ''
  const headSha = state.refs.get(headRef)
  const baseSha = state.refs.get(baseRef)
  const invalid = (message: string) =>
    refusal(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }])
  if (headSha === undefined || baseSha === undefined) return invalid('head or base is invalid')
  if (headSha === baseSha) return invalid(`No commits between ${baseRef} and ${headRef}`)
  const isSame = (pull: PullRequest) =>
    pull.state === 'open' && pull.headRef === headRef && pull.baseRef === baseRef
  if ([...state.pulls.values()].some(isSame)) {
    return invalid(`A pull request already exists for ${state.owner}:${headRef}.`)
  }
  const pull: PullRequest = {
    number: Math.max(0, ...state.pulls.keys(), ...state.issues) + 1,
    title: text(body, 'title') ?? '',
    user: token.user,
    ...{ headRef, headSha, baseRef, baseSha },
    headRepository: state.repository,
    createdAt: state.now(),
    state: 'open',
  }
  state.pulls.set(pull.number, pull)
  return { status: 201, body: fullPullDocument(site, pull) }
}

function update({ site, variables, body }: Call): Answer {
  const pull = site.state.pulls.get(Number(variables['pull_number']))
  if (pull === undefined) return notFound
  if (pull.mergedAs === undefined && body['state'] === 'closed') pull.state = 'closed'
  return { status: 200, body: fullPullDocument(site, pull) }
}

function mergePull({ site, variables, body }: Call): Answer {
  const { state } = site
  const pull = state.pulls.get(Number(variables['pull_number']))
  if (pull === undefined) return notFound
  if (pull.state === 'closed') return refusal(405, 'Pull Request is not mergeable')
  const wanted = text(body, 'sha')
  if (wanted !== undefined && wanted !== pull.headSha) {
    return refusal(409, 'Head branch was modified. Review and try the merge again.')
  }
  if (state.mergeRefused !== undefined) return refusal(405, state.mergeRefused)
  if (conflicts(state, pull)) return refusal(405, 'Pull Request is not mergeable')
  const sha = merge(state, pull)
  return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } }
}

const contents = ['contents'] as const

export const pullRoutes: Routes = {
  'pulls/list': { needs, access: 'read', run: list },
  'pulls/get': { needs, access: 'read', run: get },
  'pulls/create': { needs, access: 'write', run: create },
  'pulls/update': { needs, access: 'write', run: update },
  'pulls/merge': { needs: contents, access: 'write', run: mergePull },
  'repos/list-pull-requests-associated-with-commit': { needs, access: 'read', run: ofCommit },
}
