import type { PullRequestFacts, PullRequests } from '../../../ports/forge.js'
import { ifThere, PER_PAGE, readPages } from './answers.js'
import type { GitHubClient } from './client.js'

const NEEDS = 'pull-requests: read'
const REWRITES = new Set(['head_ref_force_pushed', 'head_ref_deleted', 'head_ref_restored'])

/** Pull requests by number, branch or commit. */
export function createPullRequests(client: GitHubClient): PullRequests {
  const { owner, repo } = client
  const facts = factsOf(`${owner}/${repo}`)
  return {
    get: (number) =>
      ifThere(async () => {
        const answer = await client.call(NEEDS, (rest) =>
          rest.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
            owner,
            repo,
            pull_number: number,
          }),
        )
        return facts(answer.data)
      }),
    async ofBranch(repository, ref) {
      const headOwner = repository.split('/')[0] ?? ''
      const found = await readPages((page) =>
        client.call(NEEDS, (rest) =>
          rest.request('GET /repos/{owner}/{repo}/pulls', {
            ...{ owner, repo, state: 'open', head: `${headOwner}:${ref}` },
            ...{ per_page: PER_PAGE, page },
          }),
        ),
      )
      // One owner may have several repositories of a network; GitHub looks for the owner alone.
      return found.map(facts).filter((pull) => sameRepository(pull.headRepository, repository))
    },
    async ofCommit(sha) {
      const found = await ifThere(() =>
        readPages((page) =>
          client.call(NEEDS, (rest) =>
            rest.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
              ...{ owner, repo, commit_sha: sha },
              ...{ per_page: PER_PAGE, page },
            }),
          ),
        ),
      )
      return (found ?? []).map(facts)
    },
    async headRewrites(number) {
      const events = await readPages((page) =>
        client.call(NEEDS, (rest) =>
          rest.request('GET /repos/{owner}/{repo}/issues/{issue_number}/events', {
            ...{ owner, repo, issue_number: number },
            ...{ per_page: PER_PAGE, page },
          }),
        ),
      )
      return events.filter(({ event }) => REWRITES.has(event)).map((event) => event.created_at)
    },
  }
}

export function sameRepository(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a.toLowerCase() === b?.toLowerCase()
}

interface PullAnswer {
  readonly number: number
  readonly state: string
  readonly html_url: string
  readonly user: { readonly login: string } | null
  readonly head: {
    readonly sha: string
    readonly ref: string
    readonly repo: { readonly full_name: string } | null
  }
  readonly base: { readonly sha: string; readonly ref: string }
}

function factsOf(repository: string): (pull: PullAnswer) => PullRequestFacts {
  return (pull) => {
    const headRepository = pull.head.repo?.full_name
    return {
      number: pull.number,
      open: pull.state === 'open',
      author: pull.user?.login ?? '',
      headSha: pull.head.sha,
      headRef: pull.head.ref,
      headRepository,
      baseRef: pull.base.ref,
      baseSha: pull.base.sha,
      fromFork: !sameRepository(headRepository, repository),
      url: pull.html_url,
    }
  }
}
