import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { ModelRegistry, RegisterRequest } from '../../src/ports/registry.js'
import { modelDigest } from '../../src/statements/model-digest.js'

/** A registry under test, with what its keepers and its enemies can do to it. */
export interface RegistryUnderTest {
  readonly registry: ModelRegistry
  /** The same registry as another process sees it. */
  open(): ModelRegistry
  /** Replaces a file of the registry by other bytes, as somebody who has access could. */
  tamper(path: string, content: string): Promise<void>
  close(): Promise<void>
}

export type MakeRegistry = () => Promise<RegistryUnderTest>

const HOSTILE = [
  'naïve|<b> @me.bin',
  'a\nb',
  '-rf',
  '$(x) `y`',
  ':(top)x',
  'tab\t"q"',
  '名,x.onnx',
  '__proto__',
]

/** What every registry must do. */
export function registryContract(name: string, make: MakeRegistry): void {
  describe(`${name} keeps the contract of a registry`, () => {
    let under: RegistryUnderTest
    let folder: string
    beforeEach(async () => {
      under = await make()
      folder = mkdtempSync(join(tmpdir(), 'modelway-models-'))
    })
    afterEach(async () => {
      await under.close()
      rmSync(folder, { recursive: true, force: true })
    })

    const fileOf = (name: string, content: string): RegisterRequest['files'][number] => {
      const path = join(folder, 'sources', name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
      return { name, path, sha256: createHash('sha256').update(content).digest('hex') }
    }

    const requestOf = (
      files: Readonly<Record<string, string>>,
      extra: Partial<RegisterRequest> = {},
    ): RegisterRequest => {
      const list = Object.entries(files).map(([name, content]) => fileOf(name, content))
      return {
        name: 'census',
        digest: modelDigest(list.map(({ name, sha256 }) => ({ name, digest: { sha256 } }))),
        files: list,
        attachments: [],
        lineage: {},
        aliases: [],
        stage: undefined,
        ...extra,
      }
    }

    it('reads after a write, also through another handle', async () => {
      const request = requestOf(
        { 'model.json': '{"w":1}', 'sub/vocabulary.txt': 'a' },
        {
          lineage: { verdict: 'sha256:1' },
          aliases: ['champion'],
          stage: 'staging',
          attachments: [{ name: 'statements/verdict.json', content: Buffer.from('{}') }],
        },
      )
      const { version, created } = await under.registry.register(request)
      expect(created).toBe(true)
      expect(version).toMatchObject({
        name: 'census',
        version: '1',
        digest: request.digest,
        files: request.files.map(({ name, sha256 }) => ({ name, sha256 })),
        aliases: ['champion'],
        stage: 'staging',
        lineage: { verdict: 'sha256:1' },
      })
      for (const reference of [
        { version: '1' },
        { alias: 'champion' },
        { stage: 'staging' },
      ] as const)
        expect(await under.open().find('census', reference)).toEqual(version)
      const paths = await under.open().download(version, join(folder, 'out'))
      expect(paths).toEqual([
        join(folder, 'out/model.json'),
        join(folder, 'out/sub/vocabulary.txt'),
      ])
      expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(['{"w":1}', 'a'])
      const attached = await under.open().attachment(version, 'statements/verdict.json')
      expect(Buffer.from(attached ?? []).toString()).toBe('{}')
      expect(await under.registry.attachment(version, 'absent')).toBeUndefined()
    })

    it('knows nothing in an empty registry', async () => {
      expect(await under.registry.find('census', { version: '1' })).toBeUndefined()
      expect(await under.registry.find('census', { alias: 'champion' })).toBeUndefined()
      expect(await under.registry.find('census', { stage: 'production' })).toBeUndefined()
    })

    it('knows no other version, alias, stage or name', async () => {
      await under.registry.register(requestOf({ m: '1' }, { aliases: ['a'] }))
      for (const reference of [
        { version: '2' },
        { version: '__proto__' },
        { alias: 'constructor' },
        { alias: '__proto__' },
        { stage: 'production' },
      ] as const)
        expect(await under.registry.find('census', reference)).toBeUndefined()
      expect(await under.registry.find('other', { version: '1' })).toBeUndefined()
      await expect(under.registry.point('census', '2', {})).rejects.toThrow('MW-REGISTRY-002')
    })

    it('gives the same bytes the same version, and other bytes the next', async () => {
      const first = await under.registry.register(requestOf({ m: '1' }))
      const second = await under.registry.register(requestOf({ m: '2' }))
      const again = await under.registry.register(requestOf({ m: '1' }, { aliases: ['x'] }))
      expect(
        [first, second, again].map(({ version, created }) => [version.version, created]),
      ).toEqual([
        ['1', true],
        ['2', true],
        ['1', false],
      ])
      expect(again.version.aliases).toEqual(['x'])
    })

    it('moves an alias: it points to one version', async () => {
      await under.registry.register(requestOf({ m: '1' }, { aliases: ['champion', 'constructor'] }))
      await under.registry.register(requestOf({ m: '2' }, { aliases: ['champion'] }))
      expect((await under.registry.find('census', { alias: 'champion' }))?.version).toBe('2')
      expect((await under.registry.find('census', { version: '1' }))?.aliases).toEqual([
        'constructor',
      ])
      await under.registry.point('census', '1', { aliases: ['champion'] })
      expect((await under.registry.find('census', { alias: 'champion' }))?.version).toBe('1')
      expect((await under.registry.find('census', { version: '2' }))?.aliases).toEqual([])
    })

    it('archives the version that was in production when another enters it', async () => {
      await under.registry.register(requestOf({ m: '1' }, { stage: 'production' }))
      await under.registry.register(requestOf({ m: '2' }, { stage: 'staging' }))
      await under.registry.point('census', '2', { stage: 'production' })
      expect((await under.registry.find('census', { stage: 'production' }))?.version).toBe('2')
      expect((await under.registry.find('census', { stage: 'archived' }))?.version).toBe('1')
      await under.registry.point('census', '1', { stage: 'production' })
      expect((await under.registry.find('census', { version: '2' }))?.stage).toBe('archived')
    })

    it('gives writers at once each their own version, and loses none', async () => {
      const contents = ['a', 'b', 'c', 'd', 'a']
      const results = await Promise.all(
        contents.map((content) => under.open().register(requestOf({ [`m-${content}`]: content }))),
      )
      const versions = results.map(({ version }) => version.version)
      expect(new Set(versions)).toEqual(new Set(['1', '2', '3', '4']))
      expect(versions[0]).toBe(versions[4])
      expect(results.filter(({ created }) => created)).toHaveLength(4)
      for (const { version } of results) {
        expect(await under.registry.find('census', version)).toMatchObject({
          digest: version.digest,
        })
        await under.registry.download(version, join(folder, version.version))
      }
    })

    it('keeps file names that hold anything', async () => {
      const files = Object.fromEntries(HOSTILE.map((name) => [`d/${name}`, `content of ${name}`]))
      const { version } = await under.registry.register(requestOf(files))
      const paths = await under.registry.download(version, join(folder, 'out'))
      expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(
        HOSTILE.map((name) => `content of ${name}`),
      )
    })

    it.each(['../x', 'a/../../x', '/etc/x', '..\\x', '.', 'a/', '', 'a//b', 'x\0y'])(
      'refuses a file named %j, and changes nothing',
      async (name) => {
        const request = requestOf({ m: '1' })
        const files = request.files.map((file) => ({ ...file, name }))
        await expect(under.registry.register({ ...request, files })).rejects.toThrow(
          'MW-REGISTRY-003',
        )
        const attachments = [{ name, content: Buffer.from('x') }]
        await expect(under.registry.register({ ...request, attachments })).rejects.toThrow(
          'MW-REGISTRY-003',
        )
        expect(await under.registry.find('census', { version: '1' })).toBeUndefined()
      },
    )

    it.each(['../census', '..', '', 'a/b', '.git', 'a b', '-x'])(
      'refuses a model named %j',
      async (name) => {
        await expect(under.registry.find(name, { version: '1' })).rejects.toThrow('MW-REGISTRY-009')
        await expect(under.registry.register(requestOf({ m: '1' }, { name }))).rejects.toThrow(
          'MW-REGISTRY-009',
        )
      },
    )

    it.each([
      ['no JSON', '{'],
      ['another shape', '{"name":"census","versions":{}}'],
      ['that of another model', '{"name":"Census","aliases":{},"versions":[]}'],
      ['empty', ''],
    ])('refuses an index that is %s, and leaves it as it is', async (_, content) => {
      await under.registry.register(requestOf({ m: '1' }))
      await under.tamper('census/registry.json', content)
      await expect(under.registry.find('census', { version: '1' })).rejects.toThrow(
        'MW-REGISTRY-001',
      )
      await expect(under.registry.register(requestOf({ m: '2' }))).rejects.toThrow(
        'MW-REGISTRY-001',
      )
      await expect(under.registry.point('census', '1', {})).rejects.toThrow('MW-REGISTRY-001')
    })

    it('refuses to hand out a model file or an attachment that was changed in it', async () => {
      const { version } = await under.registry.register(
        requestOf(
          { a: '1', b: '2' },
          { attachments: [{ name: 'p.csv', content: Buffer.from('x') }] },
        ),
      )
      await under.tamper('census/versions/1/p.csv', 'y')
      await expect(under.registry.attachment(version, 'p.csv')).rejects.toThrow('MW-REGISTRY-004')
      await under.tamper('census/versions/1/model/b', '3')
      const out = join(folder, 'out')
      await expect(under.registry.download(version, out)).rejects.toThrow('MW-REGISTRY-004')
      expect(() => readFileSync(join(out, 'a'))).toThrow()
    })

    it('refuses a model file that changed after its digest was taken', async () => {
      const request = requestOf({ m: '1' })
      writeFileSync(request.files[0]?.path ?? '', 'swapped')
      await expect(under.registry.register(request)).rejects.toThrow('MW-REGISTRY-016')
      expect(await under.registry.find('census', { version: '1' })).toBeUndefined()
    })
  })
}
