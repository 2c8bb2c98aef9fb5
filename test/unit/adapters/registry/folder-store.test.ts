import { spawn } from 'node:child_process'
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { lockFolder } from '../../../../src/adapters/registry/files/folder-lock.js'
import { createFolderStore } from '../../../../src/adapters/registry/files/folder-store.js'
import { createStoredRegistry } from '../../../../src/adapters/registry/files/registry.js'
import { useTemporaryFolder } from '../../temporary-folder.js'

/** A process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.once('close', resolve))
  return child.pid ?? 0
}

describe('the lock of a folder', () => {
  const folder = useTemporaryFolder()
  const lockPath = () => join(folder.path, '.lock')
  const lockOf = (pid: number, host: string) => JSON.stringify({ pid, host, token: 't' })

  it('is held by one at a time, and gone after', async () => {
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const release = await lockFolder(folder.path)
        most = Math.max(most, ++inside)
        await new Promise((resolve) => setTimeout(resolve, 2))
        inside--
        release()
      }),
    )
    expect(most).toBe(1)
    expect(folder.list()).toEqual([])
  })

  it('is taken over from a process of this machine that is gone, by one of many', async () => {
    writeFileSync(lockPath(), lockOf(await deadPid(), hostname()))
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const release = await lockFolder(folder.path, { waitMs: 5000, staleMs: 60_000 })
        most = Math.max(most, ++inside)
        await new Promise((resolve) => setTimeout(resolve, 2))
        inside--
        release()
      }),
    )
    expect(most).toBe(1)
    expect(folder.list()).toEqual([])
  })

  it('is not taken from a living process, nor from one of another machine', async () => {
    for (const content of [
      lockOf(process.pid, hostname()),
      lockOf(await deadPid(), 'elsewhere'),
      '',
    ]) {
      writeFileSync(lockPath(), content)
      await expect(lockFolder(folder.path, { waitMs: 30, staleMs: 60_000 })).rejects.toThrow(
        'MW-REGISTRY-005',
      )
      expect(readFileSync(lockPath(), 'utf8')).toBe(content)
    }
  })

  it('is taken over from anybody who has not touched it for long', async () => {
    writeFileSync(lockPath(), lockOf(process.pid, 'elsewhere'))
    utimesSync(lockPath(), new Date(0), new Date(0))
    const release = await lockFolder(folder.path, { waitMs: 1000, staleMs: 60_000 })
    release()
    expect(folder.list()).toEqual([])
  })

  it('is touched by its holder, so that it does not grow old', async () => {
    const release = await lockFolder(folder.path, { waitMs: 10, staleMs: 200 })
    await expect(lockFolder(folder.path, { waitMs: 500, staleMs: 200 })).rejects.toThrow(
      'MW-REGISTRY-005',
    )
    release()
  })

  it('is not released by one from whom it was taken', async () => {
    const release = await lockFolder(folder.path)
    writeFileSync(lockPath(), lockOf(1, 'elsewhere'))
    release()
    expect(existsSync(lockPath())).toBe(true)
  })
})

describe('the folder store', () => {
  const folder = useTemporaryFolder()
  const now = () => new Date(0)
  const open = () =>
    createStoredRegistry({ store: createFolderStore(folder.path), location: 'r', now })
  const request = (content: string) => {
    const path = folder.write('sources/m', content)
    const sha256 = SHA[content] ?? ''
    return {
      name: 'census',
      digest: `sha256:${sha256}`,
      files: [{ name: 'm', path, sha256 }],
      attachments: [],
      lineage: {},
      aliases: [],
      stage: undefined,
    }
  }

  it('keeps the old index when a writer is killed between the files, and the next one succeeds', async () => {
    await open().register(request('1'))
    const index = readFileSync(join(folder.path, 'census/registry.json'), 'utf8')
    // What SIGKILL leaves after the model was copied: files of version 2, its lock, no index.
    const lock = { pid: await deadPid(), host: hostname(), token: 't' }
    folder.write('.lock', JSON.stringify(lock))
    folder.write('census/versions/2/model/left-over', 'x')
    folder.write('census/versions/2/evaluation/predictions.csv', 'of another model')
    expect(await open().find('census', { version: '2' })).toBeUndefined()
    expect(readFileSync(join(folder.path, 'census/registry.json'), 'utf8')).toBe(index)
    const { version, created } = await open().register(request('2'))
    expect([version.version, created]).toEqual(['2', true])
    expect(folder.list()).toEqual([
      'census/registry.json',
      'census/versions/1/model/m',
      'census/versions/2/model/m',
      'sources/m',
    ])
  })

  it('leaves no index, temporary file or lock when a model file cannot be read', async () => {
    const broken = request('1')
    const files = [...broken.files, { name: 'n', path: join(folder.path, 'absent'), sha256: 'x' }]
    await expect(open().register({ ...broken, files })).rejects.toThrow()
    expect(folder.list().filter((name) => !name.startsWith('census/versions/1/model/m'))).toEqual([
      'sources/m',
    ])
  })
})

const SHA: Readonly<Record<string, string>> = {
  '1': '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
  '2': 'd4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35',
}
