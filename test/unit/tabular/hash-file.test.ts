import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { CancelledError } from '../../../src/errors.js'
import { hashFile } from '../../../src/tabular/hash-file.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-hash-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('hashFile gives the published SHA-256 of "abc" and of nothing', async () => {
  // FIPS 180-4 examples.
  const path = join(folder, 'abc')
  await writeFile(path, 'abc')
  expect(await hashFile(path)).toEqual({
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    size: 3,
  })
  await writeFile(path, '')
  expect(await hashFile(path)).toEqual({
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    size: 0,
  })
})

it('hashFile reads files of several chunks', async () => {
  const path = join(folder, 'large')
  const bytes = Buffer.alloc(2_500_001, 'modelway')
  await writeFile(path, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(await hashFile(path)).toEqual({ sha256, size: 2_500_001 })
})

it('hashFile refuses what cannot be read and stops at the signal', async () => {
  await expect(hashFile(join(folder, 'none'))).rejects.toThrow('MW-DATA-001: ')
  await expect(hashFile(folder)).rejects.toThrow('this is a folder, not a file.')
  const path = join(folder, 'b')
  await writeFile(path, 'b')
  await expect(hashFile(path, AbortSignal.abort())).rejects.toThrow(CancelledError)
})
