import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { ExternalError } from '../../../../../src/errors.js'
import type { Forge } from '../../../../../src/ports/forge.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'

const RUN = 77
const PLAN = 'Upgrade to GitHub Pro or make this repository public to enable this feature.'

// @evidence GitHub REST API, environments and reviews: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe.each([
  ['github.com', ''],
  ['an Enterprise Server', '/api/v3'],
])('environments on %s', (_name, basePath) => {
  let under: GitHubUnderTest
  let forge: Forge
  beforeEach(async () => {
    under = await startGitHubHost({ basePath })
    if (under.host.forge === undefined) throw new Error('no forge')
    forge = under.host.forge
  })
  afterEach(async () => {
    await under.close()
    expect(under.github.violations).toEqual([])
    expect(under.github.failures.pending).toBe(0)
  })

  it('tell their reviewers, waiting time and branches', async () => {
    under.github.addEnvironment('production', ['ada', 'bob'], {
      teams: ['ml-leads'],
      preventSelfReview: true,
      waitTimer: 15,
      branches: 'protected',
    })
    expect(await forge.environments.rulesOf('production')).toMatchObject({
      kind: 'known',
      rules: {
        reviewers: [
          { kind: 'user', name: 'ada' },
          { kind: 'user', name: 'bob' },
          { kind: 'team', name: 'ml-leads' },
        ],
        preventsSelfReview: true,
        waitMinutes: 15,
        branches: 'protected',
        others: [],
      },
    })
  })

  it('of any name are asked for by that very name', async () => {
    under.github.addEnvironment('Prod/EU west 1#ü', ['ada'])
    const facts = await forge.environments.rulesOf('prod/EU west 1#ü')
    expect(facts).toMatchObject({ rules: { reviewers: [{ name: 'ada' }] } })
  })

  it('without rules have no reviewer; one that does not exist is absent', async () => {
    under.github.addEnvironment('staging')
    expect(await forge.environments.rulesOf('staging')).toMatchObject({
      kind: 'known',
      rules: { reviewers: [], waitMinutes: 0, branches: 'all' },
    })
    expect(await forge.environments.rulesOf('production')).toEqual({ kind: 'absent' })
  })

  it('of a server that does not know of self-review say nothing about it', async () => {
    under.github.addEnvironment('production', ['ada'], { preventSelfReview: undefined })
    expect(await forge.environments.rulesOf('production')).toMatchObject({
      rules: { preventsSelfReview: undefined, reviewers: [{ name: 'ada' }] },
    })
  })

  it.each([
    [403, PLAN],
    [422, 'Validation Failed'],
  ])('that the plan lacks (%i) are unavailable', async (status, message) => {
    under.github.refuseEnvironments(status, message)
    expect(await forge.environments.rulesOf('production')).toMatchObject({ kind: 'unavailable' })
  })

  it('that the token may not see are an error, and no environment without rules', async () => {
    under.github.addWorkflowToken('ghs_workflow', { permissions: { contents: 'read' } })
    const error = await forge.environments.rulesOf('production').catch((one: ExternalError) => one)
    expect(String(error)).toContain('MW-HOST-001')
    expect(String(error)).toContain('actions: read')
  })

  it('tell who reviewed a run, for that environment alone', async () => {
    const review = (environment: string, login: string, state: 'approved' | 'rejected') =>
      under.github.addApproval({ runId: RUN, environment, login, state, comment: 'ship it' })
    review('production', 'ada', 'approved')
    review('staging', 'bob', 'approved')
    review('Production', 'eve', 'rejected')
    under.github.addApproval({ runId: 78, environment: 'production', login: 'mallory' })
    expect(await forge.environments.reviewsOf(RUN, 'production')).toEqual([
      { state: 'approved', by: 'ada', comment: 'ship it' },
      { state: 'rejected', by: 'eve', comment: 'ship it' },
    ])
  })

  it('whose reviews cannot be read are an error, and not a run without reviews', async () => {
    under.github.failNext('actions/get-reviews-for-run', 503, 5)
    await expect(forge.environments.reviewsOf(RUN, 'production')).rejects.toThrow('MW-HOST-003')
  })
})
