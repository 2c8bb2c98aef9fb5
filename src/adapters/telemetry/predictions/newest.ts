/** The newest of the values that were added, oldest first: memory that does not grow. */
export interface Newest<T> {
  add(value: T): void
  /** How many were added that are not kept any more. */
  readonly lost: number
  list(): T[]
}

export function createNewest<T>(most: number): Newest<T> {
  const values: T[] = []
  let added = 0
  return {
    add(value) {
      if (values.length < most) values.push(value)
      else values[added % most] = value
      added += 1
    },
    get lost() {
      return added - values.length
    },
    list() {
      const first = added % most
      return added <= most ? values.slice() : [...values.slice(first), ...values.slice(0, first)]
    },
  }
}
