import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openDeployment } from '../../../../src/actions/deploy-canary/deployment-record.js'
import type { DeploySection } from '../../../../src/config/deploy.js'
import type { JobContext } from '../../../../src/runtime/job.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../contracts/github-host.js'
import { DIGEST, PeopleWorld } from './people-world.js'

// @evidence GitHub REST API, the record of a rollout: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe('the record of a deployment', () => {
  let under: GitHubUnderTest
  let world: PeopleWorld
  beforeEach(async () => {
    under = await startGitHubHost()
    under.github.addRef('main', 'c'.repeat(40))
    world = await PeopleWorld.start()
  })
  afterEach(async () => {
    await world.close()
    await under.close()
    expect(under.github.violations).toEqual([])
  })

  const open = (previousVersion: string | null = 'census-1', settings: object = {}) => {
    const context = {
      ...world.context({ environment: 'production', ...settings }, { sha: 'main' }),
      deployments: under.host.deployments,
    } as unknown as JobContext<DeploySection>
    return openDeployment(context, { version: 'census-2', previousVersion, digest: DIGEST })
  }
  const made = () => under.github.state.deployments

  it('has versions, digest, mode and the weights to come', async () => {
    await open('census-1', { steps: [5, 50, 100] })
    expect(made()).toMatchObject([
      {
        description: 'census: census-2',
        payload: {
          ...{ modelway: 1, mode: 'canary', weights: [5, 50, 100], version: 'census-2' },
          ...{ previousVersion: 'census-1', digest: DIGEST },
        },
      },
    ])
  })

  it('says at each status which model it is, the weight, the run and where users go', async () => {
    const record = await open()
    await record.update('in_progress', 'weight 5%', 'https://model.example/v2')
    expect(made()[0]?.statuses).toMatchObject([
      {
        state: 'in_progress',
        description: 'census-2 (dddddddddddd), before census-1: weight 5%',
        environmentUrl: 'https://model.example/v2',
        logUrl: 'https://github.com/modelway-ml/demo/actions/runs/77',
      },
    ])
  })

  it.each([
    'http://127.0.0.1:8080',
    'http://localhost',
    'http://[::1]:1/',
    'http://0.0.0.0',
    '',
    'x',
  ])('shows nobody an address that only this machine has (%j)', async (url) => {
    await (await open()).update('in_progress', 'weight 5%', url)
    expect(made()[0]?.statuses).toMatchObject([{ environmentUrl: '' }])
  })

  it('retires the one before when all users are on the new version, and not before', async () => {
    await (await open(null)).update('success', 'promoted')
    const next = await open()
    await next.update('in_progress', 'weight 5%')
    expect(made()[0]?.statuses.at(-1)?.state).toBe('success')
    await next.update('success', 'promoted')
    expect(made().map(({ statuses }) => statuses.at(-1)?.state)).toEqual(['inactive', 'success'])
  })

  it('that cannot be updated is a warning', async () => {
    const record = await open()
    under.github.failNext('repos/create-deployment-status', 422)
    await record.update('success', 'promoted')
    expect(world.warnings.join()).toContain('could not be updated')
  })
})
