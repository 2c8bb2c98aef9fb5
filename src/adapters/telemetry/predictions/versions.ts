/** Which role a version of the log has; undefined for one that is neither. */
export type RoleOf = (version: string) => 'stable' | 'canary' | undefined

export interface Names {
  readonly stable: string
  readonly canary: string
}

const ENDS = new Set(['-', '/', '.', ':', '_', '@'])

/** `prefix`: also names with more behind a mark, as pods have it; of two that fit the longer one is meant. */
export function roleOf({ stable, canary }: Names, match: 'exact' | 'prefix'): RoleOf {
  const exact: RoleOf = (version) => {
    if (version === canary) return 'canary'
    return version === stable ? 'stable' : undefined
  }
  if (match === 'exact') return exact
  const begins = (version: string, name: string) =>
    version.startsWith(name) && ENDS.has(version[name.length] ?? '')
  const [longer, shorter] =
    canary.length >= stable.length
      ? ([
          [canary, 'canary'],
          [stable, 'stable'],
        ] as const)
      : ([
          [stable, 'stable'],
          [canary, 'canary'],
        ] as const)
  return (version) => {
    const found = exact(version)
    if (found !== undefined) return found
    if (begins(version, longer[0])) return longer[1]
    return begins(version, shorter[0]) ? shorter[1] : undefined
  }
}
