import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { Cache, Log } from '../../../ports/host.js'
import type { Environment } from '../environment.js'
import { isEnterpriseServer } from './server.js'

/** A lookup takes at most this many keys, the first included. */
const MOST_KEYS = 10
const LONGEST_KEY = 512

/** The Actions cache by @actions/cache, or undefined where the runner offers none. */
export function createCache(env: Environment, log: Log): Cache | undefined {
  if (!isCacheAvailable(env)) return undefined
  return {
    async restore(paths, key, restoreKeys) {
      const { restoreCache } = await import('@actions/cache')
      const others = restoreKeys.slice(0, MOST_KEYS - 1).map(cacheKey)
      try {
        return await restoreCache(portable(paths, env), cacheKey(key), others)
      } catch (error) {
        log.warn(`The cache could not be restored: ${messageOf(error)}`)
        return undefined
      }
    },
    async save(paths, key) {
      const { saveCache } = await import('@actions/cache')
      try {
        // A key that is taken, or being saved by another job, is told by the package itself.
        await saveCache(portable(paths, env), cacheKey(key))
      } catch (error) {
        log.warn(`The cache could not be saved: ${messageOf(error)}`)
      }
    },
  }
}

/** `isFeatureAvailable` of @actions/cache 6, without loading it. */
function isCacheAvailable(env: Environment): boolean {
  const second = Boolean(env['ACTIONS_CACHE_SERVICE_V2']) && !isEnterpriseServer(env)
  return Boolean(second ? env['ACTIONS_RESULTS_URL'] : env['ACTIONS_CACHE_URL'])
}

/**
 * Paths as they are in every checkout: an entry is found only by the very texts that it was saved with, and the
 * workspace is in another folder on another runner. The package takes them from where the step runs.
 */
function portable(paths: readonly string[], env: Environment): string[] {
  const workspace = env['GITHUB_WORKSPACE']
  if (workspace === undefined || resolve(workspace) !== process.cwd()) return [...paths]
  return paths.map((path) => {
    const inside = relative(workspace, path)
    const leaves = inside === '' || inside.startsWith('..') || isAbsolute(inside)
    return leaves ? path : inside.split(sep).join('/')
  })
}

/** A key as the service takes it: without commas, at most 512 characters. */
export function cacheKey(key: string): string {
  return key.replaceAll(',', '-').slice(0, LONGEST_KEY)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
