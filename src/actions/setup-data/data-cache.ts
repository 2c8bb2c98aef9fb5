import type { DataSection } from '../../config/data.js'
import type { DataRequest, DataSource, FetchedData } from '../../ports/data-source.js'
import type { JobContext } from '../../runtime/job.js'
import { digestOf } from '../../statements/canonical.js'

/**
 * Fetches by way of the cache. Only data of a stated revision is kept: its adapter checks what comes back, and
 * nothing else could say whether it is still the right one. A cache that fails costs time, not the run.
 */
export async function fetchCached(
  { settings, cache, log }: JobContext<DataSection>,
  adapter: DataSource,
  request: DataRequest,
): Promise<FetchedData> {
  const paths = adapter.transfers(request)
  const usable = cache !== undefined && settings.cache && request.revision !== undefined
  if (!usable || paths.length === 0) return adapter.fetch(request)
  const key = `modelway-data-${digestOf([request.source, request.revision]).replace(':', '-')}`
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => {
      log.warn(
        `The cache could not be ${what}: ${error instanceof Error ? error.message : String(error)}`,
      )
    })
  }
  await attempt('read', () => cache.restore(paths, key, []))
  const fetched = await adapter.fetch(request)
  if (!fetched.cacheHit) await attempt('written', () => cache.save(paths, key))
  return fetched
}
