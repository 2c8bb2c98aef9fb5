import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { requireApproval } from '../../../../../src/actions/deploy-canary/approval/require.js'
import type { RunFacts } from '../../../../../src/ports/host.js'
import { COMMIT, DIGEST, PeopleWorld, RUN } from '../people-world.js'

// @evidence GitHub REST API, approvals by an environment: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe.each([
  ['github.com', ''],
  ['an Enterprise Server', '/api/v3'],
])('production needs reviewers, on %s', (_name, basePath) => {
  let world: PeopleWorld
  beforeEach(async () => {
    world = await PeopleWorld.start(basePath)
  })
  afterEach(async () => expect(await world.close()).toEqual([]))

  const approve = (login: string, state: 'approved' | 'rejected' = 'approved') =>
    world.github.addApproval({ runId: RUN, environment: 'production', login, state, comment: 'ok' })
  const ask = (approval: object, run: Partial<RunFacts> = {}, more: object = {}) =>
    requireApproval(
      {
        context: world.context({ approval: { require: 'reviewers', ...approval }, ...more }, run),
        version: 'census-2',
        digest: DIGEST,
      },
      world.sleep,
    )

  it('and records who approved the run, and by which rule', async () => {
    world.github.addEnvironment('production', ['max'], {
      ...{ teams: ['leads'], preventSelfReview: true, waitTimer: 5, branches: 'protected' },
    })
    approve('max')
    expect(await ask({})).toEqual([
      {
        environment: 'production',
        by: 'max',
        at: world.now().toISOString(),
        via: 'environment',
        rule: 'required reviewers: max, team leads; no self-review; wait of 5 minutes; branches: protected',
        comment: 'ok',
        url: expect.stringContaining('environments_filter=production'),
        commit: COMMIT,
      },
    ])
    expect(world.said()).toEqual([])
  })

  it.each([
    ['has none', () => world.github.addEnvironment('production', [], { waitTimer: 5 })],
    ['is not there', () => undefined],
    ['is not in the plan', () => world.github.refuseEnvironments(403, 'Upgrade to GitHub Pro')],
    ['is refused', () => world.github.refuseEnvironments(422, 'Validation Failed')],
  ])('and refuses an environment that %s, and says how to protect it', async (_what, prepare) => {
    prepare()
    approve('max')
    const error = await ask({}).catch((one: unknown) => one)
    expect(String(error)).toContain('MW-DEPLOY-361')
    expect(String(error)).toMatch(/Add required reviewers .* deploy\.approval\.fallback/)
    expect(world.said()).toEqual([])
  })

  it('and does not take a run that never asked them, whatever other environments say', async () => {
    world.github.addEnvironment('production', ['max'])
    world.github.addApproval({ runId: RUN, environment: 'staging', login: 'max' })
    world.github.addApproval({ runId: 78, environment: 'production', login: 'max' })
    await expect(ask({})).rejects.toThrow('MW-DEPLOY-362')
    // `reviewers` means them where they are: nobody is asked another way.
    await expect(ask({ fallback: 'issue' })).rejects.toThrow('MW-DEPLOY-362')
    expect(world.said()).toEqual([])
  })

  it.each([
    ['mia', 'started the run'],
    ['Ann', 'wrote the change'],
  ])('and not %s alone, who %s, unless that is allowed', async (login) => {
    world.github.addEnvironment('production', ['mia', 'ann', 'max'])
    approve(login)
    await expect(ask({})).rejects.toThrow('MW-DEPLOY-363')
    expect(await ask({ 'prevent-self-approval': false })).toMatchObject([{ by: login }])
    approve('max')
    expect(await ask({})).toMatchObject([{ by: 'max' }])
  })

  it('and a rejection stands, but for one of an earlier attempt that was approved since', async () => {
    world.github.addEnvironment('production', ['max', 'wes'])
    approve('wes', 'rejected')
    await expect(ask({}, { runAttempt: 2 })).rejects.toThrow('MW-DEPLOY-365')
    approve('max')
    await expect(ask({})).rejects.toThrow('"wes" has denied it: "ok"')
    expect(await ask({}, { runAttempt: 2 })).toMatchObject([{ by: 'max' }])
  })

  it.each([
    'repos/get-environment',
    'actions/get-reviews-for-run',
    'repos/list-pull-requests-associated-with-commit',
  ])('and a forge that does not answer %s approves nothing', async (operation) => {
    world.github.addEnvironment('production', ['max'])
    approve('max')
    world.github.failNext(operation, 502, 5)
    await expect(ask({ fallback: 'issue' })).rejects.toThrow('MW-HOST-003')
  })

  it('and a token that may not look is told what it needs', async () => {
    world.github.addEnvironment('production', ['max'])
    world.github.addWorkflowToken('ghs_workflow', {
      permissions: { 'pull-requests': 'write', contents: 'read' },
    })
    await expect(ask({ fallback: 'issue' })).rejects.toThrow('permissions: actions: read')
  })

  it('but a rollback, and a policy that asks for nobody, wait for nothing', async () => {
    expect(await ask({}, {}, { mode: 'rollback' })).toEqual([])
    expect(await ask({ require: 'none' })).toEqual([])
    expect(world.github.journal).toEqual([])
  })

  it.each([{ runId: undefined }, { runId: 'local' }])(
    'but not outside of a run (%j)',
    async (run) => {
      await expect(ask({}, run as Partial<RunFacts>)).rejects.toThrow('MW-DEPLOY-360')
    },
  )

  it('but not without a forge', async () => {
    const context = { ...world.context({ approval: { require: 'any' } }), forge: undefined }
    const asked = { context, version: 'census-2', digest: DIGEST }
    await expect(requireApproval(asked, world.sleep)).rejects.toThrow('MW-DEPLOY-360')
  })
})
