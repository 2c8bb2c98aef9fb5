import { describe, expect, it } from '@jest/globals'
import { openDeployment } from '../../../../src/actions/deploy-canary/deployment-record.js'
import type { DeploySection } from '../../../../src/config/deploy.js'
import { ExternalError } from '../../../../src/errors.js'
import type { JobContext } from '../../../../src/runtime/job.js'
import { createDeployWorld } from './deploy-world.js'

const OLD = { version: 'census-1', url: 'http://one', pid: 1 }
const unanswered = () =>
  new ExternalError({ code: 'MW-DEPLOY-008', service: 'fake', what: 'no answer', retryable: true })

describe('the servers of a deployment', () => {
  it('keeps running what users are on when a direct promotion took effect and failed after', async () => {
    const world = createDeployWorld({
      known: OLD,
      target: (target) => ({
        promote: async () => {
          await target.promote()
          throw unanswered()
        },
      }),
    })
    await expect(world.deploy({ mode: 'direct' })).rejects.toThrow('no answer')
    expect(world.traffic.state.stable.version).toBe('census-2')
    expect([...world.running]).toEqual([world.traffic.state.stable.pid])
    expect(world.warnings.join()).toContain('left running: it is in use')
  })

  it('stops the new server when the promotion did not take effect', async () => {
    const world = createDeployWorld({
      known: OLD,
      target: () => ({
        promote: async () => {
          throw unanswered()
        },
      }),
    })
    await expect(world.deploy({ mode: 'direct' })).rejects.toThrow('no answer')
    expect([...world.running]).toEqual([])
  })

  it('starts no second server of the version that users are on', async () => {
    const world = createDeployWorld({ known: { ...OLD, version: 'census-2' } })
    const outcome = await world.deploy({ mode: 'direct' })
    expect(outcome.decision).toBe('pass')
    expect([...world.running]).toEqual([])
  })

  it('calls no version deployed whose server is gone', async () => {
    const world = createDeployWorld({ known: { ...OLD, version: 'census-2' }, dead: true })
    await expect(world.deploy({ mode: 'direct' })).rejects.toThrow('MW-DEPLOY-038')
    expect(world.champion).toBe('1')
  })

  it.each([['direct'], ['canary']])(
    'stops the first server when the target does not come up (%s)',
    async (mode) => {
      const backends = { stable: { command: ['serve'] }, canary: { command: ['serve'] } }
      const world = createDeployWorld({
        target: () => ({
          observe: async () => {
            throw new Error('port taken')
          },
        }),
      })
      await expect(world.deploy({ mode, backends })).rejects.toThrow('port taken')
      expect([...world.running]).toEqual([])
    },
  )

  it('starts no server when the labels cannot be read', async () => {
    const world = createDeployWorld({ known: OLD })
    const analysis = [{ metric: 'quality', labels: 'absent.csv' }]
    await expect(world.deploy({ analysis })).rejects.toThrow('absent.csv')
    expect([...world.running]).toEqual([])
  })
})

describe('a promotion by hand', () => {
  it('refuses a canary that is not the registered model', async () => {
    const world = createDeployWorld({ known: OLD })
    world.traffic.state = {
      ...world.traffic.state,
      canary: { version: 'census-9', url: 'http://nine' },
    }
    await expect(world.deploy({ mode: 'promote' })).rejects.toThrow('MW-DEPLOY-037')
    expect(world.traffic.state.stable.version).toBe('census-1')
    expect(world.champion).toBe('1')
  })
})

describe('the registry after a deployment', () => {
  it('has the earlier version as its champion again after a rollback', async () => {
    const world = createDeployWorld({ known: { ...OLD, version: 'census-2' } })
    world.traffic.state = { ...world.traffic.state, previous: OLD }
    world.champion = '2'
    await world.deploy({ mode: 'rollback' })
    expect(world.traffic.state.stable.version).toBe('census-1')
    expect(world.champion).toBe('1')
  })

  it('does not undo a rollback when it cannot be told: that is a warning', async () => {
    const world = createDeployWorld({ known: { ...OLD, version: 'census-2' }, registryFails: true })
    world.traffic.state = { ...world.traffic.state, previous: OLD }
    const outcome = await world.deploy({ mode: 'rollback' })
    expect(outcome.decision).toBe('pass')
    expect(world.warnings.join()).toContain('does not know of the rollback to census-1')
  })

  it('learns of a promotion that an earlier run did not finish', async () => {
    const world = createDeployWorld({ known: { ...OLD, version: 'census-2' } })
    const outcome = await world.deploy({ mode: 'canary' })
    expect(outcome.reason).toContain('An earlier run gave census-2 all traffic')
    expect(world.champion).toBe('2')
    expect([...world.running]).toEqual([])
  })

  it('does not call a version promoted again when nothing was left open', async () => {
    const world = createDeployWorld({ known: { ...OLD, version: 'census-2' } })
    world.champion = '2'
    await expect(world.deploy({ mode: 'canary' })).rejects.toThrow('same version')
    expect([...world.running]).toEqual([])
  })
})

describe("the forge's record of a deployment", () => {
  const away = (): never => {
    throw new Error('the forge is away')
  }

  it('is needed to deploy, but not to go back', async () => {
    const world = createDeployWorld({
      known: { ...OLD, version: 'census-2' },
      forge: { create: away },
    })
    world.traffic.state = { ...world.traffic.state, previous: OLD }
    await expect(world.deploy({ mode: 'direct' })).rejects.toThrow('the forge is away')
    const outcome = await world.deploy({ mode: 'rollback' })
    expect(outcome.decision).toBe('pass')
    expect(world.traffic.state.stable.version).toBe('census-1')
  })

  it('ends with the last state also when an earlier update is slow', async () => {
    const states: string[] = []
    const deployments = {
      create: async () => ({ id: '1' }),
      update: async (_id: string, { state }: { state: string }) => {
        if (state === 'in_progress') await new Promise(setImmediate)
        states.push(state)
      },
      retireBefore: async () => undefined,
    }
    const context = { deployments, run: { sha: 'abc' }, settings: {} } as unknown
    const deployed = { version: '2', previousVersion: '1', digest: '' }
    const record = await openDeployment(context as JobContext<DeploySection>, deployed)
    void record.update('in_progress', 'weight 50%')
    await record.update('success', 'promoted')
    expect(states).toEqual(['in_progress', 'success'])
  })
})
