/** Monitoring filters, as far as the stand-in knows them. */

export type Labels = Readonly<Record<string, string>>

interface Term {
  readonly value: string
  readonly isStart: boolean
}
export type Filter = ReadonlyMap<string, Term>

/** Terms joined by AND: `key="text"` and `key=starts_with("text")`. */
export function parseFilter(text: string): Filter | undefined {
  const terms = text
    .split(' AND ')
    .map((term) => /^([\w.]+)=(starts_with\()?"((?:[^"\\]|\\.)*)"\)?$/.exec(term))
  const filter = new Map<string, Term>()
  for (const term of terms) {
    if (term === null) return undefined
    const [, key = '', start, value = ''] = term
    filter.set(key, { value: value.replace(/\\(.)/g, '$1'), isStart: start !== undefined })
  }
  return filter
}

export function fits(filter: Filter, labels: Labels): boolean {
  return [...filter].every(([key, { value, isStart }]) => {
    if (key === 'metric.type' || key === 'resource.type') return true
    const own = labels[key.split('.').at(-1) ?? ''] ?? ''
    return isStart ? own.startsWith(value) : own === value
  })
}
