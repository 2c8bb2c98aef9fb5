import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { cacheRoot, ensureCached } from '../../../../tools/install/cache.js'

describe('the cache of installed tools', () => {
  const before = process.env['XDG_CACHE_HOME']
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelway-cache-'))
    process.env['XDG_CACHE_HOME'] = folder
  })
  afterEach(async () => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME']
    else process.env['XDG_CACHE_HOME'] = before
    await rm(folder, { recursive: true, force: true })
  })

  function tool(content: string, started: string[] = []) {
    const fill = async (target: string): Promise<void> => {
      started.push(content)
      await writeFile(join(target, 'program'), content)
    }
    return { name: 'tool', version: '1.2.3', fill }
  }

  it('stands in the user’s cache folder, by name and version', async () => {
    expect(await ensureCached(tool('a'))).toBe(join(folder, 'modelway', 'tool-1.2.3'))
  })

  it('fills once', async () => {
    const started: string[] = []
    await ensureCached(tool('a', started))
    const place = await ensureCached(tool('b', started))
    expect(started).toEqual(['a'])
    expect(await readFile(join(place, 'program'), 'utf8')).toBe('a')
  })

  it('gives one whole folder to two at once, and leaves nothing else behind', async () => {
    const places = await Promise.all([ensureCached(tool('a')), ensureCached(tool('b'))])
    expect(places[0]).toBe(places[1])
    expect(['a', 'b']).toContain(await readFile(join(places[0], 'program'), 'utf8'))
    expect(await readdir(cacheRoot())).toEqual(['tool-1.2.3'])
  })

  it('keeps nothing of an installation that failed, so that the next one starts afresh', async () => {
    const fill = async (target: string): Promise<void> => {
      await writeFile(join(target, 'program'), 'half')
      throw new Error('no network')
    }
    await expect(ensureCached({ ...tool('x'), fill })).rejects.toThrow('no network')
    expect(await readdir(cacheRoot())).toEqual([])
    const place = await ensureCached(tool('a'))
    expect(await readFile(join(place, 'program'), 'utf8')).toBe('a')
  })
})
