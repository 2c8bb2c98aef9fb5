import { describe, expect, it } from '@jest/globals'
import { fetchCached } from '../../../../src/actions/setup-data/data-cache.js'
import type { DataSection } from '../../../../src/config/data.js'
import type { DataSource } from '../../../../src/ports/data-source.js'
import type { Cache } from '../../../../src/ports/host.js'
import type { JobContext } from '../../../../src/runtime/job.js'

const request = (revision: string | undefined) => ({
  source: 'https://example.com/a.csv',
  revision,
  target: '/w/data',
  signal: new AbortController().signal,
})

/** A source whose file is there when the cache has put it back. */
function setUp(options: { readonly fails?: boolean; readonly enabled?: boolean } = {}) {
  const kept = new Map<string, readonly string[]>()
  const present = new Set<string>()
  const warnings: string[] = []
  const cache: Cache = {
    restore: async (paths, key) => {
      if (options.fails === true) throw new Error('no service')
      if (!kept.has(key)) return undefined
      for (const path of paths) present.add(path)
      return key
    },
    save: async (paths, key) => {
      if (options.fails === true) throw new Error('no service')
      kept.set(key, paths)
    },
  }
  const source: DataSource = {
    transfers: () => ['/w/data/a.csv'],
    fetch: async () => ({
      files: ['/w/data/a.csv'],
      revision: 'sha256:1',
      cacheHit: present.has('/w/data/a.csv'),
    }),
  }
  const context = {
    settings: { cache: options.enabled ?? true },
    cache,
    log: { warn: (line: string) => warnings.push(line) },
  } as unknown as JobContext<DataSection>
  return {
    kept,
    warnings,
    run: (revision?: string) => fetchCached(context, source, request(revision)),
  }
}

describe('the cache of fetched data', () => {
  it('keeps data of a stated revision and gives it back to the next run', async () => {
    const { run, kept } = setUp()
    expect((await run('sha256:1')).cacheHit).toBe(false)
    expect([...kept.values()]).toEqual([['/w/data/a.csv']])
    expect((await run('sha256:1')).cacheHit).toBe(true)
  })

  it('does not give the data of another revision', async () => {
    const { run } = setUp()
    await run('sha256:1')
    expect((await run('sha256:2')).cacheHit).toBe(false)
  })

  it('keeps nothing without a revision, which alone could say that it is still right', async () => {
    const { run, kept } = setUp()
    await run()
    expect(kept.size).toBe(0)
  })

  it('is not used when it is switched off', async () => {
    const { run, kept } = setUp({ enabled: false })
    await run('sha256:1')
    expect(kept.size).toBe(0)
  })

  it('that fails costs a warning, not the run', async () => {
    const { run, warnings } = setUp({ fails: true })
    expect((await run('sha256:1')).files).toEqual(['/w/data/a.csv'])
    expect(warnings).toHaveLength(2)
  })
})
