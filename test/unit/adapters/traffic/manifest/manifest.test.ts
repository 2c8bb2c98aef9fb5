// @evidence Batch jobs: live (a reader of the manifest and its log of predictions)
// @evidence Downloads: live (a server of artifacts and a reader of the manifest)
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { openBatch, openDownload } from '../../../../../src/adapters/traffic/manifest/open.js'
import { boundOf, cutOf, placeOf } from '../../../../../src/adapters/traffic/manifest/place.js'
import type { SystemTools } from '../../../../../src/adapters/traffic/system.js'
import { BatchTarget } from '../../../../../src/config/deploy/batch.js'
import { DownloadTarget } from '../../../../../src/config/deploy/download.js'
import { countersBetween } from '../../../../../src/domain/rollout/observation.js'
import type { RolloutPolicy } from '../../../../../src/domain/rollout/policy.js'
import { ExternalError, UserError } from '../../../../../src/errors.js'
import { trafficContract } from '../../../../contracts/traffic.contract.js'
import { interval, lookAt, POLICY } from '../../../domain/rollout/intervals.js'
import { CANARY, createWorld, openTarget, readerOf, STABLE, type World } from './reader.js'

const FILES: Readonly<Record<string, string>> = { '/one': 'model one', '/two': 'model two' }
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

let server: Server
let base: string
beforeAll(async () => {
  server = createServer((request, response) => {
    const file = FILES[request.url ?? '']
    response.writeHead(file === undefined ? 404 : 200)
    response.end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
})

const TOOLS: SystemTools = {
  env: {},
  home: '/nowhere',
  now: Date.now,
  sleep: async () => undefined,
}
const batch = (world: World, more: object = {}) =>
  openBatch(BatchTarget.parse({ file: world.file, ...more }), TOOLS)
const download = (world: World, more: object = {}) =>
  openDownload(
    DownloadTarget.parse({
      file: world.file,
      artifacts: {
        [STABLE.name]: { url: `${base}/one`, sha256: sha256('model one') },
        [CANARY.name]: { url: `${base}/two`, sha256: sha256('model two'), bytes: 9 },
      },
      ...more,
    }),
    TOOLS,
  )

for (const [name, open] of [
  ['batch', batch],
  ['download', download],
] as const) {
  trafficContract(name, async () => {
    const world = createWorld()
    const [target, again] = [
      await openTarget(world, () => open(world)),
      await openTarget(world, () => open(world)),
    ]
    return {
      target,
      again: () => again,
      stable: STABLE,
      canary: CANARY,
      dead: undefined,
      send: async (count) => world.send(count),
      settled: async () => {
        world.clock.now += 4
      },
      end: async () => world.end(),
    }
  })
}

const SHADOW: RolloutPolicy = {
  ...POLICY,
  mode: 'shadow',
  mirror: 100,
  metrics: [
    { metric: 'disagreement', role: 'both', atMost: 0.1 },
    {
      metric: 'latency',
      overMilliseconds: 50,
      role: 'guard',
      method: 'e-process',
      margin: 0.5,
      tolerance: 0,
    },
  ],
}

const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: {} }
const worlds: World[] = []
afterEach(() => {
  for (const world of worlds.splice(0)) world.end()
})
function begin(): World {
  const world = createWorld()
  worlds.push(world)
  return world
}

const keys = (count: number) => Array.from({ length: count }, (_, i) => `2026-11-24/part-${i}`)

describe('the rule of manifests', () => {
  const rows = [
    ...readFileSync('docs/batch.md', 'utf8').matchAll(
      /^\| `(.*)` \| `(.*)` \| `([0-9a-f]{16})` \| `([0-9a-f]{16})` \|$/gm,
    ),
  ]

  it('is that of the documented vectors', () => {
    expect(rows.length).toBeGreaterThanOrEqual(5)
    for (const [, salt = '', key = '', share, copies] of rows) {
      expect(placeOf(salt === '(empty)' ? '' : salt, key)).toEqual({ share, copies })
    }
  })

  // 2^64 times the share, in whole numbers, by Python's fractions.
  it.each([
    [0, '0000000000000000'],
    [0.1, '004189374bc6a7ef'],
    [1, '028f5c28f5c28f5c'],
    [5, '0ccccccccccccccc'],
    [12.5, '2000000000000000'],
    [50, '8000000000000000'],
    [99.9, 'ffbe76c8b4395810'],
    [100, 'g'],
  ])('puts the bound of %d percent at %s', (percent, bound) => {
    expect(boundOf(percent)).toBe(bound)
  })

  it.each([-1, 100.1, Number.NaN])('has no bound for %d percent', (percent) => {
    expect(() => boundOf(percent)).toThrow(/MW-DEPLOY-451|no share/)
  })

  it('never takes a key away as the share grows, and gives as many as the share says', () => {
    const shares = fc.tuple(
      fc.float({ min: 0, max: 100, noNaN: true }),
      fc.float({ min: 0, max: 100, noNaN: true }),
    )
    fc.assert(
      fc.property(shares, fc.integer({ min: 2, max: 60 }), fc.string(), (pair, count, salt) => {
        const places = keys(count).map((key) => placeOf(salt, key).share)
        const [low, high] = [Math.min(...pair), Math.max(...pair)].map((share) => {
          const cut = cutOf(share, places)
          const chosen = places.filter((place) => place < cut.bound)
          expect(chosen.length).toBeCloseTo((cut.share * count) / 100, 2)
          if (share >= 0.001 && share < 100) {
            expect(chosen.length).toBeGreaterThan(0)
            expect(chosen.length).toBeLessThan(count)
          }
          return chosen
        })
        for (const place of low ?? []) expect(high).toContain(place)
      }),
      { numRuns: 200, seed: 7 },
    )
  })
})

describe('a batch job by its manifest', () => {
  it('has whole partitions, and a map that says what the rule says', async () => {
    const world = begin()
    const partitions = [...keys(8), '__proto__', 'naïve|<b>']
    const target = await openTarget(world, () => batch(world, { partitions, salt: 's' }))
    await target.prepare(ROLLOUT, CANARY)
    const counts: number[] = []
    for (const weight of [1, 25, 50, 99]) {
      const state = await target.set({ weight, mirror: 0 })
      const manifest = world.manifest()
      const chosen = partitions.filter((key) => readerOf(manifest, key).role === 'canary')
      expect(state.weight).toBe(chosen.length * 10)
      counts.push(chosen.length)
      const map = new Map(Object.entries(manifest?.partitions ?? {}))
      for (const key of partitions) expect(map.get(key)).toBe(readerOf(manifest, key).role)
    }
    expect(counts).toEqual([1, 3, 5, 9])
    await target.rollback({ reason: 'worse', to: 'stable' })
    expect(new Set(Object.values(world.manifest()?.partitions ?? {}))).toEqual(new Set(['stable']))
  })

  it('asks for copies of a share of the partitions without giving any to the canary', async () => {
    const world = begin()
    const target = await openTarget(world, () => batch(world))
    await target.prepare(ROLLOUT, CANARY)
    expect(await target.set({ weight: 0, mirror: 50 })).toMatchObject({ weight: 0, mirror: 50 })
    const read = keys(400).map((key) => readerOf(world.manifest(), key))
    expect(read.every(({ role }) => role === 'stable')).toBe(true)
    // Five standard deviations of Binomial(400, 1/2).
    expect(Math.abs(read.filter(({ copied }) => copied).length - 200)).toBeLessThan(50)
    // A shadow answered nobody: nothing has to be taken back.
    await target.rollback({ reason: 'shadowed', to: 'stable' })
    expect(world.manifest()?.withdrawn).toEqual([])
  })

  it('compares what both versions say of the same rows, though the log does not tell copies', async () => {
    const judge = async (canary: (row: number) => { prediction: string; ms: number }) => {
      const world = begin()
      const target = await openTarget(world, () => batch(world), { slowMs: 50 })
      await target.prepare(ROLLOUT, CANARY)
      await target.set({ weight: 0, mirror: 100 })
      const before = (await target.observe()).reading
      for (let row = 0; row < 400; row++) {
        const { copied } = readerOf(world.manifest(), `part-${row % 7}`)
        expect(copied).toBe(true)
        world.log({ version: STABLE.name, id: `row-${row}`, prediction: 'stays', ms: 10 })
        world.log({ version: CANARY.name, id: `row-${row}`, ...canary(row) })
      }
      world.clock.now += 4
      const after = (await target.observe()).reading
      const gained = countersBetween(before, after)
      if (gained === undefined) throw new Error('nothing was counted')
      const times = { startedAt: before.at, endedAt: after.at }
      return lookAt(SHADOW, [interval(0, { weight: 0, ...gained, ...times })])
    }
    const good = await judge(() => ({ prediction: 'stays', ms: 10 }))
    expect(good.status).toBe('promote')
    const other = await judge((row) => ({ prediction: row % 2 === 0 ? 'stays' : 'goes', ms: 10 }))
    expect(other.reasons[0]?.text).toMatch(/disagreement: 200 of 400 answers differ/)
    const slow = await judge((row) => ({ prediction: 'stays', ms: row % 4 === 0 ? 60 : 10 }))
    expect(slow.reasons[0]?.text).toMatch(/latency is worse: of 100 requests/)
  })

  it('says which versions were taken back, until they are tried again', async () => {
    const world = begin()
    const target = await openTarget(world, () => batch(world))
    await target.prepare(ROLLOUT, CANARY)
    await target.set({ weight: 5, mirror: 0 })
    await target.set({ weight: 0, mirror: 0 })
    await target.rollback({ reason: 'worse', to: 'stable' })
    expect(world.manifest()).toMatchObject({ canary: null, share: 0, withdrawn: [CANARY.name] })
    await target.prepare(ROLLOUT, CANARY)
    expect(world.manifest()?.withdrawn).toEqual([])
    await target.promote()
    await target.rollback({ reason: 'regret', to: 'previous' })
    expect(world.manifest()).toMatchObject({
      stable: STABLE,
      previous: null,
      withdrawn: [CANARY.name],
    })
  })

  it('chooses others for another version, and the same ones with a salt of its own', async () => {
    const chosen = async (canary: typeof CANARY, more: object) => {
      const world = begin()
      const target = await openTarget(world, () => batch(world, more))
      await target.prepare(ROLLOUT, canary)
      await target.set({ weight: 20, mirror: 0 })
      return keys(100).filter((key) => readerOf(world.manifest(), key).role === 'canary')
    }
    const other = { version: '3', name: 'models/three' }
    expect(await chosen(CANARY, {})).not.toEqual(await chosen(other, {}))
    expect(await chosen(CANARY, { salt: 'fixed' })).toEqual(await chosen(other, { salt: 'fixed' }))
  })

  it('keeps what others have added, and writes nothing that says the same', async () => {
    const world = begin()
    const target = await openTarget(world, () => batch(world))
    await target.prepare(ROLLOUT, CANARY)
    writeFileSync(world.file, JSON.stringify({ ...world.manifest(), owner: 'us' }))
    const again = await openTarget(world, () => batch(world))
    await again.set({ weight: 25, mirror: 0 })
    const text = readFileSync(world.file, 'utf8')
    expect(JSON.parse(text)).toMatchObject({ owner: 'us', share: 25, generation: 2 })
    await again.set({ weight: 25, mirror: 0 })
    expect(readFileSync(world.file, 'utf8')).toBe(text)
  })

  it('goes back over a manifest that nobody can read, and does nothing else over it', async () => {
    const world = begin()
    const target = await openTarget(world, () => batch(world))
    await target.prepare(ROLLOUT, CANARY)
    await target.set({ weight: 25, mirror: 0 })
    writeFileSync(world.file, '{"kind": "batch"')
    await expect(target.set({ weight: 50, mirror: 0 })).rejects.toThrow(/MW-DEPLOY-452|no manifest/)
    await expect(target.observe()).rejects.toThrow(/no manifest/)
    expect(await target.rollback({ reason: 'broken', to: 'stable' })).toMatchObject({ weight: 0 })
    expect(world.manifest()).toMatchObject({ stable: STABLE, canary: null })
  })

  it('is not taken for a manifest of downloads, nor for one of other versions', async () => {
    const world = begin()
    const target = await openTarget(world, () => batch(world))
    await target.prepare(ROLLOUT, CANARY)
    const { splitter } = await download(world)
    await expect(splitter.read({ stable: STABLE, canary: undefined })).rejects.toThrow(
      /no manifest/,
    )
    const { splitter: ours } = await batch(world)
    const foreign = ours.read({ stable: { version: '9' }, canary: undefined })
    await expect(foreign).rejects.toThrow(/MW-DEPLOY-453|in use/)
  })

  it.each([
    ['a relative path', { file: 'manifest.json' }],
    ['no place', { file: undefined }],
    ['two places', { file: '/m.json', repository: { path: 'm.json' } }],
    ['a path out of a repository', { repository: { path: '../m.json' } }],
    ['one partition', { file: '/m.json', partitions: ['a'] }],
    ['a partition twice', { file: '/m.json', partitions: ['a', 'a'] }],
  ])('is not configured with %s', (_name, settings) => {
    expect(BatchTarget.safeParse(settings).success).toBe(false)
  })
})

describe('models that devices download', () => {
  it('tells devices of a new version only where they get that very file', async () => {
    const world = begin()
    const wrong = { [CANARY.name]: { url: `${base}/two`, sha256: sha256('another') } }
    const stable = { [STABLE.name]: { url: `${base}/one`, sha256: sha256('model one') } }
    const target = await openTarget(world, () =>
      download(world, { artifacts: { ...stable, ...wrong } }),
    )
    await expect(target.prepare(ROLLOUT, CANARY)).rejects.toThrow(UserError)
    expect(world.manifest()).toBeUndefined()
    expect((await target.observe()).state.rollout).toBeUndefined()
    const gone = { [CANARY.name]: { url: `${base}/gone`, sha256: sha256('model two') } }
    const other = await openTarget(world, () =>
      download(world, { artifacts: { ...stable, ...gone } }),
    )
    await expect(other.prepare(ROLLOUT, CANARY)).rejects.toThrow(ExternalError)
    expect(world.manifest()).toBeUndefined()
  })

  it('gives each device the file of its version, and its digest', async () => {
    const world = begin()
    const target = await openTarget(world, () => download(world))
    await target.prepare(ROLLOUT, CANARY)
    await target.set({ weight: 50, mirror: 0 })
    const got = new Set<string>()
    for (const device of keys(20)) {
      const artifact = world.entryOf(device)?.artifact
      const text = await (await fetch(artifact?.url ?? '')).text()
      expect(sha256(text)).toBe(artifact?.sha256)
      got.add(text)
    }
    expect(got).toEqual(new Set(Object.values(FILES)))
  })

  it('knows the files of versions that the manifest has', async () => {
    const world = begin()
    const target = await openTarget(world, () => download(world))
    await target.prepare(ROLLOUT, CANARY)
    await target.promote()
    const later = await openTarget(world, () => download(world, { artifacts: {} }))
    await later.rollback({ reason: 'regret', to: 'previous' })
    expect(world.manifest()?.stable).toMatchObject({ ...STABLE, artifact: { url: `${base}/one` } })
    const unknown = later.prepare(ROLLOUT, { version: '3', name: 'models/three' })
    await expect(unknown).rejects.toThrow(/MW-DEPLOY-454|which file/)
  })

  it('takes no copies, and no file over open networks', async () => {
    const world = begin()
    const target = await openTarget(world, () => download(world))
    await target.prepare(ROLLOUT, CANARY)
    await expect(target.set({ weight: 0, mirror: 100 })).rejects.toThrow(/cannot send copies/)
    const artifacts = { a: { url: 'http://cdn.example/m', sha256: sha256('m') } }
    expect(DownloadTarget.safeParse({ file: '/m.json', artifacts }).success).toBe(false)
  })
})
