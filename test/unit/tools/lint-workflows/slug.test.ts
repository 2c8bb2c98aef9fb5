import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { repositorySlug } from '../../../../tools/lint-workflows/slug.js'

describe('the repository’s slug', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelway-slug-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it.each([
    ['{"url":"https://github.com/a-b/c.d.git"}', 'a-b/c.d'],
    ['{"url":"git+https://github.com/a/b"}', 'a/b'],
    ['{"url":"git@github.com:a/b.git"}', 'a/b'],
    ['"github:a/b"', 'a/b'],
    ['"a/b"', 'a/b'],
  ])('is read from %s', async (repository, slug) => {
    await writeFile(join(folder, 'package.json'), `{"repository":${repository}}`)
    expect(await repositorySlug(folder)).toBe(slug)
  })

  it('is asked for where there is none', async () => {
    await writeFile(join(folder, 'package.json'), '{}')
    await expect(repositorySlug(folder)).rejects.toThrow('package.json: "repository"')
  })
})
