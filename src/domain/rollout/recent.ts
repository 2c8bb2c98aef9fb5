/** What was set lately: memory that does not grow, and no entry costs more than another. */
export interface Recent<T> {
  get(key: string): T | undefined
  /** The value, which is taken out. */
  take(key: string): T | undefined
  set(key: string, value: T): void
}

/**
 * Keeps the newest half of `most` entries at least, and `most` at most: two maps, of which the older one is dropped as a whole. (To delete
 * the first entry of one map again and again would look at all that were deleted before.)
 */
export function createRecent<T>(most: number): Recent<T> {
  let young = new Map<string, T>()
  let old = new Map<string, T>()
  return {
    get: (key) => young.get(key) ?? old.get(key),
    take(key) {
      const value = young.get(key) ?? old.get(key)
      if (value !== undefined && !young.delete(key)) old.delete(key)
      return value
    },
    set(key, value) {
      young.set(key, value)
      if (young.size * 2 < most) return
      old = young
      young = new Map()
    },
  }
}
