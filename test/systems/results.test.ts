import { createHash, randomFillSync } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { ensureAzurite } from '../../tools/install/azurite.js'
import { type Results, startResults } from '../fakes/results/start-results.js'
import { systemSuite } from './system-suite.js'
import { toolkit } from './toolkit.js'

// @evidence Azure Blob Storage, for artifacts and caches: emulated (Azurite 3.35.0, through @actions/artifact and @actions/cache)
await systemSuite('the results service with the real toolkit', ensureAzurite, (azuriteDir) => {
  let results: Results | undefined
  let work: string
  beforeAll(async () => {
    results = await startResults({ azuriteDir: azuriteDir() })
  })
  afterAll(() => results?.close())
  beforeEach(async () => {
    work = await mkdtemp(join(tmpdir(), 'modelway-results-'))
    await mkdir(join(work, 'in'))
  })
  afterEach(() => rm(work, { recursive: true, force: true }))

  function call(runId: string, name: Parameters<typeof toolkit>[1], parameters: object = {}) {
    return toolkit({ resultsUrl: results?.url ?? '', runId, folder: work }, name, parameters)
  }

  it('keeps an artifact of 20 MB, sent in several blocks, byte for byte and with its digest', async () => {
    const content = randomFillSync(Buffer.alloc(20 * 1024 * 1024))
    const file = join(work, 'in', 'naïve model.bin')
    await writeFile(file, content)
    const sent = await call('11', 'upload', {
      name: 'model',
      files: [file],
      root: join(work, 'in'),
    })
    const path = join(work, 'out')
    const expectedHash = `sha256:${sent.digest}`
    const got = await call('11', 'download', { name: 'model', path, expectedHash })
    expect(got).toMatchObject({ artifact: { name: 'model', digest: expectedHash } })
    expect(got.digestMismatch).not.toBe(true)
    const received = await readFile(join(path, 'naïve model.bin'))
    expect(sha256(received)).toBe(sha256(content))
    expect(results?.artifacts).toMatchObject([{ runId: '11', digest: expectedHash }])
  })

  it('refuses a name twice in a run, takes it in another run, and again after a deletion', async () => {
    const file = join(work, 'in', 'a.txt')
    await writeFile(file, 'a')
    const upload = { name: 'twice', files: [file], root: join(work, 'in') }
    await call('12', 'upload', upload)
    await expect(call('12', 'upload', upload)).rejects.toThrow('already exists')
    await call('13', 'upload', upload)
    expect((await call('13', 'list')).artifacts).toHaveLength(1)
    await call('12', 'remove', { name: 'twice' })
    await call('12', 'upload', upload)
  })

  it('does not show a run the artifacts of another', async () => {
    const file = join(work, 'in', 'a.txt')
    await writeFile(file, 'a')
    await call('14', 'upload', { name: 'mine', files: [file], root: join(work, 'in') })
    expect((await call('15', 'list')).artifacts).toEqual([])
  })

  it('saves a cache once, restores it by key and by prefix, and misses otherwise', async () => {
    const paths = [join(work, 'cached')]
    const restore = (key: string, restoreKeys: string[] = []) =>
      call('16', 'restore', { paths, key, restoreKeys })
    await mkdir(join(work, 'cached'))
    await writeFile(join(work, 'cached', 'data.csv'), 'id,x\n1,2\n')
    expect(await restore('data-1')).toBeUndefined()
    await call('16', 'save', { paths, key: 'data-1' })
    await rm(join(work, 'cached'), { recursive: true })
    expect(await restore('data-1')).toBe('data-1')
    expect(await readFile(join(work, 'cached', 'data.csv'), 'utf8')).toBe('id,x\n1,2\n')
    expect(await restore('data-2')).toBeUndefined()
    expect(await restore('data-2', ['data-'])).toBe('data-1')
    // A second save of a key is no failure for the toolkit, but it stores nothing.
    await call('16', 'save', { paths, key: 'data-1' })
    expect(results?.caches.filter(({ key }) => key === 'data-1')).toHaveLength(1)
    expect(results?.journal).toContain('CreateCacheEntry 409')
  })
})

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
