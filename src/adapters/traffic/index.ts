import type { Backend, OpenTarget, TrafficTarget } from '../../ports/traffic.js'

export interface TargetOptions extends OpenTarget {
  /** The built router, for the target that is a process of ours. */
  readonly routerPath: string
}

const targets = {
  embedded: {
    open: async (options: TargetOptions): Promise<TrafficTarget> =>
      (await import('./embedded/index.js')).createEmbeddedTarget(options),
    stable: async (stateDir: string) => (await import('./embedded/saved.js')).savedStable(stateDir),
  },
} as const

export type TargetKind = keyof typeof targets

/** Opens a target by its kind; only the one that is named is loaded. */
export function openTarget(kind: TargetKind, options: TargetOptions): Promise<TrafficTarget> {
  return targets[kind].open(options)
}

/** The stable version that a target knows already; undefined before its first deployment. */
export function knownStable(kind: TargetKind, stateDir: string): Promise<Backend | undefined> {
  return targets[kind].stable(stateDir)
}
