import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { createDeployWorld, type DeployWorldOptions } from '../deploy-world.js'
import { createFakeEndpoint, type FakeEndpoint } from './endpoint.js'

const folder = mkdtempSync(join(tmpdir(), 'modelway-probing-'))
writeFileSync(join(folder, 'golden.csv'), 'a,b,sum\n1,2,3\n3,4,7\n')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const STABLE = { version: 'census-1', url: 'http://stable:1', pid: 7 }
const PROBE = {
  protocol: 'json',
  path: '/predict',
  golden: { file: 'golden.csv', expected: [{ column: 'sum' }] },
}

function probed(more: object = {}, options: DeployWorldOptions = {}) {
  const opened = new Map<string, FakeEndpoint>()
  const prepare = new Map<string, (endpoint: FakeEndpoint) => void>()
  const world = createDeployWorld({
    known: STABLE,
    folder,
    ...options,
    ports: {
      openEndpoint: (url) => {
        const endpoint = createFakeEndpoint(url)
        prepare.get(url)?.(endpoint)
        prepare.get('*')?.(endpoint)
        opened.set(url, endpoint)
        return endpoint
      },
      ...options.ports,
    },
  })
  const probe = { ...PROBE, ...more }
  return {
    world,
    opened,
    prepare,
    deploy: (settings: object = {}) =>
      world.deploy({ mode: 'direct', 'start-timeout': '1ms', probe, ...settings }),
  }
}

const wrong = (endpoint: FakeEndpoint) => {
  endpoint.sum = () => 0
}

describe('a deployment with a probe', () => {
  it('goes on where the new server answers as expected, and states what was found', async () => {
    const { world, opened, deploy } = probed()
    const outcome = await deploy()
    expect(outcome).toMatchObject({
      decision: 'pass',
      predicate: {
        outcome: 'promoted',
        probe: {
          address: 'http://127.0.0.1:101',
          protocol: 'json',
          golden: { file: 'golden.csv', rows: 2 },
          checks: [
            { name: 'health', status: 'pass' },
            { name: 'golden', status: 'pass' },
          ],
        },
      },
    })
    expect(outcome.markdown).toContain('All 2 examples are answered as expected.')
    expect(world.traffic.state.stable.version).toBe('census-2')
    expect([...opened.values()].every(({ closed }) => closed)).toBe(true)
  })

  it('is refused where it answers otherwise: traffic is unchanged, and its server is stopped', async () => {
    const { world, prepare, deploy } = probed()
    prepare.set('*', wrong)
    await expect(deploy()).rejects.toThrow(
      /MW-DEPLOY-340: http:\/\/127\.0\.0\.1:101: census-2 there is not what was evaluated.*2 of 2 examples.*Traffic is unchanged/,
    )
    expect(world.traffic.state.stable).toEqual(STABLE)
    expect([...world.running]).toEqual([])
    expect(world.champion).toBe('1')
  })

  it.each(['direct', 'canary', 'blue-green'])(
    'fails by a decision where the settings say so (mode %s)',
    async (mode) => {
      const { world, prepare, deploy } = probed({ 'on-failure': 'fail' })
      prepare.set('*', wrong)
      expect(await deploy({ mode })).toMatchObject({
        decision: 'fail',
        predicate: {
          outcome: 'aborted',
          weight: 0,
          version: 'census-2',
          previousVersion: 'census-1',
          reason: expect.stringContaining('census-2 was given no traffic: golden: 2 of 2 examples'),
          probe: { checks: [{ name: 'health' }, { name: 'golden', status: 'fail' }] },
        },
      })
      expect(world.traffic.state).toMatchObject({ stable: STABLE, canary: undefined, weight: 0 })
      expect([...world.running]).toEqual([])
    },
  )

  it('goes on all the same where the settings say so, and warns', async () => {
    const { world, prepare, deploy } = probed({ 'on-failure': 'warn' })
    prepare.set('*', wrong)
    expect((await deploy()).decision).toBe('pass')
    expect(world.warnings.join()).toContain('probe: golden: 2 of 2 examples')
  })

  it('changes nothing and starts nothing where the examples cannot be read', async () => {
    const { world, opened, deploy } = probed({ golden: { file: 'none.csv' } })
    await expect(deploy()).rejects.toThrow('MW-DATA-001: none.csv')
    expect([...opened.keys(), ...world.running]).toEqual([])
  })

  it('asks nothing and reads nothing where a rollout is taken back: nothing keeps it from that', async () => {
    const { world, opened, deploy } = probed({ golden: { file: 'none.csv' }, watch: {} })
    const canary = { version: 'census-2', url: 'http://canary:2' }
    world.traffic.state = {
      ...world.traffic.state,
      canary,
      weight: 5,
      rollout: { id: 'r', owner: 'me', state: null },
    }
    expect(await deploy({ mode: 'rollback' })).toMatchObject({
      predicate: { outcome: 'rolled-back' },
    })
    expect(world.traffic.state).toMatchObject({ stable: STABLE, weight: 0 })
    expect([...opened.keys()]).toEqual([])
  })

  it('asks at the addresses of the settings, by what the versions are called', async () => {
    const { opened, deploy } = probed({
      url: 'http://{name}.ml:8080',
      'stable-url': 'http://{version}.ml:8080',
      watch: { every: '1h' },
    })
    const sleepForever = { canary: { name: 'green', command: ['serve'] } }
    await deploy({ backends: sleepForever })
    expect([...opened.keys()].sort()).toEqual(['http://census-1.ml:8080', 'http://green.ml:8080'])
  })

  it('is refused where a name would be no part of an address, or there is no address', async () => {
    const backends = { canary: { name: 'a/b@evil', url: 'http://there:1' } }
    const named = probed({ url: 'http://{name}:8080' })
    await expect(named.deploy({ backends })).rejects.toThrow(/MW-DEPLOY-352.*a\/b@evil/)
    const nowhere = probed()
    const clusters = {
      target: 'gateway-api',
      'gateway-api': { route: 'census' },
      backends: { canary: { name: 'x' } },
    }
    await expect(nowhere.deploy(clusters)).rejects.toThrow('MW-DEPLOY-351')
  })

  it('asks nothing where there is no probe', async () => {
    const { opened, world } = probed()
    const outcome = await world.deploy({ mode: 'direct' })
    expect([...opened.keys()]).toEqual([])
    expect(outcome.predicate).not.toHaveProperty('probe.checks')
  })
})
