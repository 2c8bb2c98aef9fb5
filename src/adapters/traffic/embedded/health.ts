import { get } from 'node:http'
import type { Backend } from '../../../ports/traffic.js'

const CHECK_TIMEOUT_MS = 2000

/** Whether a version answers its health check with 2xx within two seconds. */
export function isReady(backend: Backend, path: string): Promise<boolean> {
  const { url: base } = backend
  if (path === '') return Promise.resolve(true)
  if (base === undefined) return Promise.resolve(false)
  return new Promise((resolve) => {
    const url = new URL(base.replace(/\/$/, '') + path)
    const request = get(url, { agent: false, timeout: CHECK_TIMEOUT_MS }, (response) => {
      const status = response.statusCode ?? 500
      response.resume()
      resolve(status >= 200 && status < 300)
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(false))
  })
}

export interface HealthWatch {
  /** Failed checks in a row of a version; 0 for one that is well or was never checked. */
  failures(version: string): number
  stop(): void
}

export interface HealthOptions {
  readonly backends: () => readonly Backend[]
  readonly path: string
  readonly everyMs: number
  /** Called after each failed check. */
  readonly onFailure: (backend: Backend, failuresInARow: number) => void
}

/** Checks every version again and again, one check a version at a time. */
export function watchHealth(options: HealthOptions): HealthWatch {
  const failures = new Map<string, number>()
  let busy = false
  const round = async () => {
    if (busy) return
    busy = true
    await Promise.all(options.backends().map((backend) => check(backend)))
    busy = false
  }
  const check = async (backend: Backend) => {
    if (await isReady(backend, options.path)) {
      failures.delete(backend.version)
      return
    }
    const inARow = (failures.get(backend.version) ?? 0) + 1
    failures.set(backend.version, inARow)
    options.onFailure(backend, inARow)
  }
  const timer = setInterval(() => void round(), options.everyMs)
  return {
    failures: (version) => failures.get(version) ?? 0,
    stop: () => clearInterval(timer),
  }
}
