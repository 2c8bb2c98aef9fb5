import type { VersionNames } from '../../ports/signals.js'

/** A version by its two names: `{name}`, as signals know it, and `{version}`, as people do. */
export interface Called {
  readonly name: string
  readonly version: string
}

interface BothCalled {
  readonly stable: Called
  readonly canary: Called
}

/** Where versions have one name only, it is both. */
export function calledIn({ stable, canary, versions }: VersionNames): BothCalled {
  return {
    stable: { name: stable, version: versions?.stable.version ?? stable },
    canary: { name: canary, version: versions?.canary.version ?? canary },
  }
}

/** `{name}` and `{version}` filled in, as `write` writes them, and refuses what it cannot. */
export function withNames(text: string, called: Called, write: (name: string) => string): string {
  return text.replace(/\{(name|version)\}/g, (_whole, key: keyof Called) => write(called[key]))
}

/** The value of `{name}` and `{version}` within the quotes of a selector: nothing in it can end the text that it stands in. */
export function filledIn(selector: string, called: Called): string {
  return withNames(selector, called, (name) =>
    name.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n'),
  )
}
