import { afterEach, describe, expect, it } from '@jest/globals'
import type { Splitter } from '../../../../../src/ports/splitter.js'
import type { Backend } from '../../../../../src/ports/traffic.js'
import { type GitopsWorld, startWorld } from './bench.js'

let world: GitopsWorld
const worlds: GitopsWorld[] = []

afterEach(async () => {
  for (const one of worlds.splice(0)) {
    await one.close()
    expect(one.under.github.violations).toEqual([])
  }
})

/** All texts that were in force, one after the other, joined by what matters of them. */
async function start(
  files: Readonly<Record<string, string>>,
  manifests: readonly object[],
): Promise<Splitter> {
  world = await startWorld(files)
  worlds.push(world)
  return (await world.open({ manifests })).splitter
}

function history(file: string, pattern: RegExp): readonly string[] {
  const { state } = world.under.github
  const commits: string[] = []
  for (let at: string | undefined = world.head(); at !== undefined; at = state.parents.get(at)) {
    commits.unshift(at)
  }
  const texts = commits.map((commit) => [...world.text(file, commit).matchAll(pattern)].join(' | '))
  return texts.filter((text, i) => i === 0 || text !== texts[i - 1])
}

const roles = (stable: string, canary: string): { stable: Backend; canary: Backend } => ({
  stable: { version: '1', name: stable },
  canary: { version: '2', name: canary },
})

async function admitted(splitter: Splitter, both: ReturnType<typeof roles>) {
  const { revision } = await splitter.read({ stable: both.stable, canary: undefined })
  return splitter.admit(both, { revision })
}

const AT = (weight: number) => ({ weight, mirror: 0 })

describe('an InferenceService in git', () => {
  const FILE = 'isvc.yaml'
  const [OLD, NEW] = ['s3://models/churn/1', 's3://models/churn/2']
  const both = roles(OLD, NEW)
  const text = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: churn}
spec:
  predictor:
    canaryTrafficPercent: 100 # of the newest
    model:
      storageUri: "${OLD}"
`
  const manifests = [{ file: FILE, 'inference-service': 'churn' }]
  const said = () => history(FILE, /(?<=churn\/)\d(?=")|(?<=Percent: )\d+/g)

  it('gets the model without a user, then its share, and all of them', async () => {
    const splitter = await start({ [FILE]: text }, manifests)
    const there = await admitted(splitter, both)
    const half = await splitter.share(both, AT(50), there)
    expect(half.weight).toBe(50)
    await splitter.promote(both, half)
    expect(said()).toEqual(['100 | 1', '0 | 2', '50 | 2', '100 | 2'])
  })

  it('is left by users before it gets the old model back, and only then the old share', async () => {
    const splitter = await start({ [FILE]: text }, manifests)
    const there = await admitted(splitter, both)
    await splitter.share(both, AT(50), there)
    await splitter.rollback(both)
    expect(said()).toEqual(['100 | 1', '0 | 2', '50 | 2', '0 | 1', '100 | 1'])
    expect(world.text(FILE)).toBe(text)
  })

  it('goes back from all users by way of the revision before', async () => {
    const splitter = await start({ [FILE]: text }, manifests)
    await splitter.promote(both, await admitted(splitter, both))
    await splitter.rollback(both)
    expect(said()).toEqual(['100 | 1', '0 | 2', '100 | 2', '0 | 2', '0 | 1', '100 | 1'])
  })

  it('goes on where a rollback was killed', async () => {
    const killed = text.replace('100 #', '0 #')
    const splitter = await start({ [FILE]: killed }, manifests)
    await splitter.rollback(both)
    expect(world.text(FILE)).toBe(text)
  })

  it('takes whole percentages, and no model that is neither version', async () => {
    const splitter = await start({ [FILE]: text }, manifests)
    const there = await admitted(splitter, both)
    await expect(splitter.share(both, AT(2.5), there)).rejects.toThrow(/MW-DEPLOY-117/)
    const others = roles('s3://models/churn/7', NEW)
    const other = await start({ [FILE]: text }, manifests)
    await expect(admitted(other, others)).rejects.toThrow(/MW-DEPLOY-412.*churn\/1/)
  })
})

describe('places for stable and for the canary', () => {
  const VALUES = 'values.yaml'
  const ROUTE = 'vs.yaml'
  const both = roles('1.9', '1.10')
  const values =
    'stable: {image: {tag: "1.9"}}\ncanary:\n  image:\n    tag: 1.8 # the last one tried\n'
  const route = `kind: VirtualService
metadata: {name: churn}
spec:
  http:
    - route:
        - destination: {host: churn, subset: stable}
          weight: 100
        - destination: {host: churn, subset: canary}
          weight: 0
    - route: [{destination: {host: other}}]
`
  const manifests = [
    { file: VALUES, path: 'stable.image.tag', holds: 'stable' },
    { file: VALUES, path: 'canary.image.tag', holds: 'canary' },
    {
      file: ROUTE,
      'virtual-service': 'churn',
      backends: { stable: 'stable', canary: 'canary' },
    },
  ]
  const open = () => start({ [VALUES]: values, [ROUTE]: route }, manifests)

  it('promotes by putting the version in the place for stable while users are with the canary', async () => {
    const splitter = await open()
    const there = await splitter.share(both, AT(10), await admitted(splitter, both))
    expect(world.text(VALUES)).toContain('tag: "1.10" # the last one tried')
    await splitter.promote(both, there)
    expect(history(VALUES, /(?<=tag: )"?[\d.]+"?/g)).toEqual([
      '"1.9" | 1.8',
      '"1.9" | "1.10"',
      '"1.10" | "1.10"',
    ])
    expect(history(ROUTE, /(?<=weight: )\d+/g)).toEqual([
      '100 | 0',
      '90 | 10',
      '0 | 100',
      '100 | 0',
    ])
  })

  it('goes back to the version that was in the place for the canary before', async () => {
    const splitter = await open()
    await splitter.share(both, AT(10), await admitted(splitter, both))
    await splitter.rollback(both)
    expect(world.text(ROUTE)).toBe(route)
    // The quotes that the version in between needed stay.
    expect(world.text(VALUES)).toBe(values.replace('tag: 1.8', 'tag: "1.8"'))
  })

  it('refuses an entry that names a value twice', async () => {
    const twice = [...manifests, { file: VALUES, path: 'canary.image.tag', holds: 'stable' }]
    const splitter = await start(
      { [VALUES]: values.replace('1.8', '"1.9"'), [ROUTE]: route },
      twice,
    )
    await expect(admitted(splitter, both)).rejects.toThrow(/MW-DEPLOY-404/)
  })
})

describe('an image of a kustomization', () => {
  const FILE = 'kustomization.yaml'
  const text =
    'images:\n  - name: ghcr.io/acme/churn\n    newTag: v1 # {"$imagepolicy": "x:y:tag"}\n  - name: other\n    digest: sha256:00\n'
  const one = [{ file: FILE, image: 'ghcr.io/acme/churn', holds: 'latest' }]
  const both = roles('v1', 'v2')

  it('changes at once for all users, or not at all: there are no weights', async () => {
    const splitter = await start({ [FILE]: text }, one)
    const there = await admitted(splitter, both)
    expect(world.text(FILE)).toBe(text)
    await expect(splitter.share(both, AT(50), there)).rejects.toThrow(/MW-DEPLOY-407/)
    expect((await splitter.share(both, AT(100), there)).weight).toBe(100)
    expect(world.text(FILE)).toBe(text.replace('newTag: v1', 'newTag: v2'))
    await splitter.rollback(both)
    expect(world.text(FILE)).toBe(text)
  })

  it.each([
    ['a tag for a digest', 'other', roles('sha256:00', 'v2'), /MW-DEPLOY-413/],
    ['a digest for a tag', 'ghcr.io/acme/churn', roles('v1', 'sha256:11'), /MW-DEPLOY-413/],
    ['an image that is not there', 'none', both, /MW-DEPLOY-403/],
  ])('refuses %s', async (_what, image, versions, message) => {
    const splitter = await start({ [FILE]: text }, [{ file: FILE, image, holds: 'latest' }])
    const work = async () => {
      const there = await admitted(splitter, versions)
      await splitter.share(versions, AT(100), there)
    }
    await expect(work()).rejects.toThrow(message)
  })

  it('refuses one with a tag and a digest, and one that is there twice', async () => {
    const tagged = text.replace('newTag: v1', 'digest: sha256:22\n    newTag: v1')
    await expect(admitted(await start({ [FILE]: tagged }, one), both)).rejects.toThrow(
      /MW-DEPLOY-404/,
    )
    const twice = text.replace('name: other', 'name: ghcr.io/acme/churn')
    await expect(admitted(await start({ [FILE]: twice }, one), both)).rejects.toThrow(
      /MW-DEPLOY-404/,
    )
    const bare = text.replace('newTag: v1 # {"$imagepolicy": "x:y:tag"}', 'newName: x')
    await expect(admitted(await start({ [FILE]: bare }, one), both)).rejects.toThrow(
      /MW-DEPLOY-403/,
    )
  })
})
