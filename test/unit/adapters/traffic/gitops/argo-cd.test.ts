// @evidence Argo CD's API: contract (its swagger.json, 3.1.9)
import { afterEach, describe, expect, it } from '@jest/globals'
import type { Splitter } from '../../../../../src/ports/splitter.js'
import { type GitopsWorld, ROLES, startWorld } from './bench.js'

let world: GitopsWorld

afterEach(async () => {
  const { github } = world.under
  await world.close()
  expect(github.violations).toEqual([])
  expect(github.failures.pending).toBe(0)
  expect(world.argo.violations).toEqual([])
})

async function start(more: object = {}, files?: Record<string, string>): Promise<Splitter> {
  world = await startWorld(files)
  return (await world.open(more)).splitter
}

async function admitted(splitter: Splitter, roles = ROLES) {
  const { revision } = await splitter.read({ stable: roles.stable, canary: undefined })
  return splitter.admit(roles, { revision })
}

const NO_COPIES = (weight: number) => ({ weight, mirror: 0 })

describe('what Argo CD says', () => {
  it('fails where the commit cannot be applied', async () => {
    const splitter = await start()
    const before = await admitted(splitter)
    world.argo.refuses = () => 'one or more objects failed to apply'
    await expect(splitter.share(ROLES, NO_COPIES(10), before)).rejects.toThrow(
      /MW-DEPLOY-418.*Failed: one or more objects/,
    )
  })

  it('fails where what was applied stays ill, and not at the first look', async () => {
    const splitter = await start()
    const before = await admitted(splitter)
    let ill = 5
    world.argo.healthOf = () => (ill-- > 0 ? 'Degraded' : 'Healthy')
    const there = await splitter.share(ROLES, NO_COPIES(10), before)
    world.argo.healthOf = () => 'Degraded'
    await expect(splitter.share(ROLES, NO_COPIES(20), there)).rejects.toThrow(
      /MW-DEPLOY-418.*Degraded/,
    )
  })

  it('takes Suspended for done, and Progressing for not', async () => {
    const splitter = await start()
    world.argo.healthOf = () => 'Suspended'
    const there = await splitter.share(ROLES, NO_COPIES(10), await admitted(splitter))
    world.argo.healthOf = () => 'Progressing'
    await expect(splitter.share(ROLES, NO_COPIES(20), there)).rejects.toThrow(
      /MW-DEPLOY-419.*Progressing/,
    )
  })

  it('is late where nobody applies it', async () => {
    const splitter = await start()
    const before = await admitted(splitter)
    world.argo.looks = 1e6
    await expect(splitter.share(ROLES, NO_COPIES(10), before)).rejects.toThrow(/MW-DEPLOY-419/)
  })

  it('is asked again where it is away for a moment', async () => {
    const splitter = await start()
    world.argo.faults.push(503, 500, 429)
    await expect(admitted(splitter)).resolves.toMatchObject({ weight: 0 })
    world.argo.faults.push(503, 503, 503, 503)
    await expect(splitter.rollback(ROLES)).rejects.toThrow(/MW-DEPLOY-421.*503/)
    world.argo.faults.push(400)
    await expect(splitter.rollback(ROLES)).rejects.toThrow(/MW-DEPLOY-421.*400/)
    world.argo.faults.push(302)
    await expect(splitter.rollback(ROLES)).rejects.toThrow(/MW-DEPLOY-421.*elsewhere/)
  })

  it('names what the token lacks, and never the token', async () => {
    world = await startWorld()
    const sync = (application: string) => ({
      sync: { 'argo-cd': { url: world.argo.url, application } },
    })
    const other = (await world.open(sync('other'))).splitter
    await expect(admitted(other)).rejects.toThrow(/MW-DEPLOY-423.*applications, get/)
    Object.assign(world.tools, { env: { MODELWAY_ARGOCD_TOKEN: 'wrong-and-secret' } })
    const attempt = admitted((await world.open()).splitter)
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-422/)
    await expect(attempt).rejects.not.toThrow(/wrong-and-secret/)
    Object.assign(world.tools, { env: {} })
    await expect(world.open()).rejects.toThrow(/MW-DEPLOY-424/)
    Object.assign(world.tools, { env: { MODELWAY_ARGOCD_TOKEN: 'x' } })
    const sync404 = { sync: { 'argo-cd': { url: 'http://127.0.0.1:1', application: 'x' } } }
    const away = (await world.open(sync404)).splitter
    await expect(admitted(away)).rejects.toThrow(/MW-DEPLOY-421.*cannot be reached/)
  })
})
