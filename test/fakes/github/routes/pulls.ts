import { type Answer, type Call, notFound, type Routes } from '../answer.js'
import { fullPullDocument, pullDocument } from '../documents/pulls.js'

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

export const pullRoutes: Routes = {
  'pulls/list': { needs, access: 'read', run: list },
  'pulls/get': { needs, access: 'read', run: get },
  'repos/list-pull-requests-associated-with-commit': { needs, access: 'read', run: ofCommit },
}
