import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Deployments } from '../../../../../src/ports/host.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'

let under: GitHubUnderTest
beforeEach(async () => {
  under = await startGitHubHost()
  under.github.addRef('main', 'c'.repeat(40))
})
afterEach(async () => {
  expect(under.github.violations).toEqual([])
  expect(under.github.failures.pending).toBe(0)
  await under.close()
})

const REQUEST = {
  environment: 'production',
  ref: 'main',
  description: 'canary of census 3',
  payload: { digest: 'sha256:1', weight: 5 },
}

function deployments(): Deployments {
  const found = under.host.deployments
  if (found === undefined) throw new Error('no deployments')
  return found
}

function made() {
  return under.github.state.deployments
}

// @evidence GitHub REST API, deployments: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe('deployments on GitHub', () => {
  it('are made whatever the commit’s statuses say and however far the branch is behind', async () => {
    under.github.addRef('main', 'c'.repeat(40), { behind: true })
    const { id } = await deployments().create(REQUEST)
    expect(made()).toHaveLength(1)
    expect(made()[0]).toMatchObject({ environment: 'production', production: true })
    expect(String(made()[0]?.id)).toBe(id)
    const sent = under.github.journal.at(-1)?.body
    expect(sent).toMatchObject({ auto_merge: false, required_contexts: [] })
  })

  it('are marked as production or passing by the environment’s name', async () => {
    const names = ['prod-canary', 'staging', 'pr-12', 'productive-team', 'preview/x']
    for (const environment of names) await deployments().create({ ...REQUEST, environment })
    expect(made().map(({ production }) => production)).toEqual([true, false, false, false, false])
    expect(made().map(({ transient }) => transient)).toEqual([false, false, true, false, true])
  })

  it('get statuses with the run’s page, and descriptions that GitHub takes', async () => {
    const { id } = await deployments().create({ ...REQUEST, description: '😀'.repeat(200) })
    await deployments().update(id, {
      state: 'in_progress',
      description: 'x'.repeat(500),
      environmentUrl: 'https://model.example',
    })
    expect(made()[0]?.description?.length).toBeLessThanOrEqual(140)
    expect(made()[0]?.description).toMatch(/^(?:😀)+…$/u)
    const [status] = made()[0]?.statuses ?? []
    expect(status).toMatchObject({
      state: 'in_progress',
      logUrl: 'https://github.com/modelway-ml/demo/actions/runs/77',
      environmentUrl: 'https://model.example',
    })
    expect(status?.description).toHaveLength(140)
  })

  it('leave out an address that GitHub would refuse', async () => {
    const { id } = await deployments().create(REQUEST)
    const environmentUrl = 'grpc://127.0.0.1:81'
    await deployments().update(id, { state: 'success', description: '', environmentUrl })
    expect(made()[0]?.statuses[0]).toMatchObject({ state: 'success', environmentUrl: '' })
  })

  it('are listed newest first, of one environment, with their latest state and payload', async () => {
    const first = await deployments().create(REQUEST)
    const second = await deployments().create({ ...REQUEST, payload: { digest: 'sha256:2' } })
    await deployments().create({ ...REQUEST, environment: 'staging' })
    await deployments().update(first.id, { state: 'in_progress', description: '' })
    await deployments().update(first.id, { state: 'failure', description: '' })
    const [, oldest] = made()
    if (oldest !== undefined) Object.assign(oldest, { payload: '{"digest":"sha256:2"}' })
    expect(await deployments().list('production')).toEqual([
      { id: second.id, state: undefined, payload: { digest: 'sha256:2' } },
      { id: first.id, state: 'failure', payload: REQUEST.payload },
    ])
    expect(await deployments().list('nowhere')).toEqual([])
  })

  it('to production are retired by the next one, since GitHub leaves them; others’ are not', async () => {
    const isOurs = (payload: unknown) => JSON.stringify(payload).includes('modelway')
    const deploy = async (payload: Record<string, unknown>, state: 'success' | 'failure') => {
      const { id } = await deployments().create({ ...REQUEST, payload })
      await deployments().update(id, { state, description: '' })
      return id
    }
    const states = () => made().map(({ statuses }) => statuses.map(({ state }) => state).join(' '))
    await deploy({ modelway: 1 }, 'success')
    await deploy({ job: 'of GitHub itself' }, 'success')
    await deploy({ modelway: 1 }, 'failure')
    const second = await deploy({ modelway: 1 }, 'success')
    await deployments().retireBefore(second, 'production', isOurs)
    expect(states()).toEqual(['success inactive', 'success', 'failure', 'success'])
    const third = await deploy({ modelway: 1 }, 'success')
    await deploy({ modelway: 1 }, 'success')
    const before = under.github.journal.length
    await deployments().retireBefore(third, 'production', isOurs)
    expect(states().slice(3)).toEqual(['success inactive', 'success', 'success'])
    // What is before a retired one is not asked about again.
    await deployments().retireBefore(third, 'production', isOurs)
    expect(under.github.journal.length - before).toBeLessThanOrEqual(9)
  })

  it('are made once when the answer is lost', async () => {
    under.github.loseAnswer('repos/create-deployment')
    const { id } = await deployments().create(REQUEST)
    expect(made().map((one) => String(one.id))).toEqual([id])
  })

  it('are made again when GitHub did nothing, though one like it is finished', async () => {
    const before = await deployments().create(REQUEST)
    await deployments().update(before.id, { state: 'success', description: '' })
    under.github.failNext('repos/create-deployment', 502)
    const { id } = await deployments().create(REQUEST)
    expect(id).not.toBe(before.id)
    expect(made()).toHaveLength(2)
  })

  it('name the missing permission', async () => {
    under.github.addWorkflowToken('ghs_weak', { permissions: { contents: 'read' } })
    const weak = under.another({ 'INPUT_GITHUB-TOKEN': 'ghs_weak' })
    await expect(weak.deployments?.create(REQUEST)).rejects.toThrow(
      'Add "permissions: deployments: write" to the job.',
    )
  })

  it('of a ref that does not exist are refused with GitHub’s words', async () => {
    await expect(deployments().create({ ...REQUEST, ref: 'gone' })).rejects.toMatchObject({
      details: { code: 'MW-HOST-004', status: 422, what: 'No ref found for: gone' },
    })
  })

  it('are not to be had without a token', () => {
    expect(under.another({ 'INPUT_GITHUB-TOKEN': '' }).deployments).toBeUndefined()
  })
})
