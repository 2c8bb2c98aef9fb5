import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { UserError } from '../../../../../src/errors.js'
import type { DownloadLimits, RunArtifacts } from '../../../../../src/ports/forge.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'
import { makeZip, type ZipFile } from '../../../../fakes/zip.js'

const LIMITS: DownloadLimits = { compressed: 1_000_000, unpacked: 100_000, files: 50 }
const RUN = 5

describe('artifacts of other runs', () => {
  let under: GitHubUnderTest
  let artifacts: RunArtifacts
  let folder: string
  beforeEach(async () => {
    under = await startGitHubHost()
    const { forge } = under.host
    if (forge === undefined) throw new Error('no forge')
    artifacts = forge.runArtifacts
    folder = await mkdtemp(join(tmpdir(), 'modelway-extract-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
    await under.close()
    expect(under.github.violations).toEqual([])
  })

  async function uploaded(files: readonly ZipFile[], name = 'modelway-verdict') {
    under.github.addArtifact({ name, runId: RUN, zip: makeZip(files) })
    const [artifact] = await artifacts.ofRun(RUN)
    if (artifact === undefined) throw new Error('no artifact')
    return artifact
  }

  async function refusal(files: readonly ZipFile[], limits = LIMITS): Promise<string> {
    const artifact = await uploaded(files)
    let message = ''
    await artifacts.extract(artifact, folder, limits).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error
      message = error.message
    })
    expect(message).not.toBe('')
    return message
  }

  it('lists the artifacts of a run over all pages, newest first', async () => {
    for (let count = 0; count < 130; count++) {
      under.github.addArtifact({ name: `a${count}`, runId: RUN, sizeInBytes: 1 })
    }
    under.github.addArtifact({ name: 'other', runId: 6, sizeInBytes: 1 })
    const all = await artifacts.ofRun(RUN)
    expect(all).toHaveLength(130)
    expect([all[0]?.name, all.at(-1)?.name]).toEqual(['a129', 'a0'])
    expect(await artifacts.ofRun(404)).toEqual([])
  })

  it('gives the files, in memory or below a folder, and never shows the token to the storage', async () => {
    const artifact = await uploaded([
      { name: '.modelway/', mode: 0o040755 },
      { name: '.modelway/verdict.json', data: '{"naïve": "名"}' },
      { name: 'empty' },
    ])
    const files = await artifacts.download(artifact, LIMITS)
    expect(files.map(({ path }) => path)).toEqual(['.modelway/verdict.json', 'empty'])
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).toBe('{"naïve": "名"}')
    expect(await artifacts.extract(artifact, folder, LIMITS)).toEqual([
      '.modelway/verdict.json',
      'empty',
    ])
    expect(await readFile(join(folder, '.modelway', 'verdict.json'), 'utf8')).toBe(
      '{"naïve": "名"}',
    )
  })

  it('takes only what is asked for, and does not even unpack the rest', async () => {
    const artifact = await uploaded([
      { name: 'bomb', data: Buffer.alloc(50_000_000) },
      { name: 'verdict.json', data: '{}' },
    ])
    const limits = { ...LIMITS, take: (path: string) => path === 'verdict.json' }
    expect((await artifacts.download(artifact, limits)).map(({ path }) => path)).toEqual([
      'verdict.json',
    ])
  })

  it.each([
    ['../evil', 'invalid relative path'],
    ['a/../../evil', 'invalid relative path'],
    ['/etc/passwd', 'absolute path'],
    ['C:/evil', 'absolute path'],
    ['..\\evil', 'invalid characters'],
    ['dir:stream', 'not every system'],
    ['con', 'device of Windows'],
    ['dir/LPT1.txt', 'device of Windows'],
    ['NUL', 'device of Windows'],
    ['a./b', 'ends with a dot'],
    ['a//b', 'empty part'],
    ['./a', 'empty part'],
    ['a\u0000b', 'not every system'],
    ['line\nbreak', 'not every system'],
  ])('refuses the path %j before anything is written', async (name, why) => {
    const message = await refusal([
      { name: 'first', data: 'x' },
      { name, data: 'evil' },
    ])
    expect(message).toMatch(/^MW-HOST-012: artifact "modelway-verdict": /)
    expect(message).toContain(why)
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    ['a link', 0o120777],
    ['a device', 0o060644],
    ['a socket', 0o140644],
  ])('refuses %s', async (_what, mode) => {
    expect(await refusal([{ name: 'x', data: '/etc/passwd', mode }])).toContain(
      'is a link or a special file',
    )
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    [['a', 'a']],
    [['Verdict.json', 'verdict.json']],
    [['caf\u00e9', 'cafe\u0301']],
    [['a', 'a/b']],
  ])('refuses two names for one file: %j', async (names) => {
    expect(await refusal(names.map((name) => ({ name })))).toContain('is there twice')
    expect(await readdir(folder)).toEqual([])
  })

  it('refuses a bomb by what it says, and by what it is when it lies', async () => {
    const data = Buffer.alloc(50_000_000)
    expect(await refusal([{ name: 'bomb', data }])).toContain('more than 100000 bytes unpacked')
    const lie = await refusal([{ name: 'bomb', data, declaredSize: 10 }])
    expect(lie).toMatch(/too many bytes|unpacked/)
  })

  it('counts all files together', async () => {
    const files = Array.from({ length: 5 }, (_, index) => ({
      name: `f${index}`,
      data: 'x'.repeat(30_000),
    }))
    expect(await refusal(files)).toContain('more than 100000 bytes unpacked')
  })

  it('refuses 10,000 files', async () => {
    const files = Array.from({ length: 10_000 }, (_, index) => ({ name: `f${index}` }))
    const limits = { ...LIMITS, compressed: 10_000_000 }
    expect(await refusal(files, limits)).toContain('has 10000 files; at most 50 are read')
  })

  it('refuses a zip that is too large before and while it is fetched', async () => {
    const small = { ...LIMITS, compressed: 100 }
    expect(
      await refusal(
        [
          {
            name: 'x',
            data: Buffer.from(Array.from({ length: 999 }, (_, i) => i * 7919 + (i % 13))),
          },
        ],
        small,
      ),
    ).toContain('larger than 100 bytes')
    const zip = makeZip([
      { name: 'x', data: Array.from({ length: 999 }, (_, i) => Math.sin(i)).join() },
    ])
    under.github.addArtifact({ name: 'liar', runId: 9, zip, sizeInBytes: 10 })
    const [liar] = await artifacts.ofRun(9)
    await expect(artifacts.download(liar!, small)).rejects.toThrow(
      /MW-HOST-011.*larger than 100 bytes/,
    )
  })

  it('refuses what is no zip, is encrypted, or is not what GitHub lists', async () => {
    expect(await refusal([{ name: 'x', encrypted: true }])).toContain('encrypted')
    under.github.addArtifact({ name: 'text', runId: 7, zip: Buffer.from('hello') })
    const [text] = await artifacts.ofRun(7)
    await expect(artifacts.download(text!, LIMITS)).rejects.toThrow(/^MW-HOST-012/)
    const zip = makeZip([{ name: 'x' }])
    under.github.addArtifact({ name: 'swapped', runId: 8, zip, digest: `sha256:${'0'.repeat(64)}` })
    const [swapped] = await artifacts.ofRun(8)
    await expect(artifacts.download(swapped!, LIMITS)).rejects.toThrow(
      /^MW-HOST-012.*but GitHub lists sha256:0000/,
    )
  })

  it('says that an artifact is gone', async () => {
    under.github.addArtifact({ name: 'old', runId: 7, zip: makeZip([]), expired: true })
    const [old] = await artifacts.ofRun(7)
    await expect(artifacts.download(old!, LIMITS)).rejects.toThrow(/^MW-HOST-013/)
    await expect(artifacts.download({ ...old!, expired: false }, LIMITS)).rejects.toThrow(
      /^MW-HOST-013/,
    )
  })

  it('fetches again when a connection is lost', async () => {
    const artifact = await uploaded([{ name: 'x', data: 'y' }])
    under.github.resetNext('actions/download-artifact')
    expect(await artifacts.download(artifact, LIMITS)).toHaveLength(1)
    expect(under.github.failures.pending).toBe(0)
  })

  it('writes into an empty folder only, where no link can lead out', async () => {
    const artifact = await uploaded([{ name: 'x', data: 'y' }])
    await writeFile(join(folder, 'there'), '')
    await expect(artifacts.extract(artifact, folder, LIMITS)).rejects.toThrow(/is not empty/)
  })
})
