import { readFileSync } from 'node:fs'

/** Reads test/reference/stats/<name>.json. */
export function readReference<T>(name: string): T {
  const url = new URL(`../../../reference/stats/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8')) as T
}

/** How far a value is from its reference, relative to the reference (absolute where that is 0). */
export function relativeError(value: number, reference: number): number {
  if (Object.is(value, reference) || value === reference) return 0
  return Math.abs(value - reference) / (Math.abs(reference) || 1)
}
