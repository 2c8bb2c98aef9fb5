import type { TrafficSetting } from '../../../../ports/traffic.js'
import type { Json } from '../json.js'

/** What HTTPRoute and VirtualService call the same: rules, each with weighted backends and perhaps a mirror. */
export interface Dialect {
  /** As a target names it. */
  readonly kind: string
  readonly list: readonly ['spec', 'rules' | 'http']
  readonly backends: 'backendRefs' | 'route'
  /** What a version's name is the name of. */
  readonly what: string
  /** How weights are chosen by the data plane. */
  readonly split: 'turn' | 'chance'
  nameOf(backend: Json): string | undefined
  /** The same backend for another version. */
  renamed(backend: Json, name: string): Json
  /** A backend's weight among `count`, where it is not said. */
  weightOf(backend: Json, count: number): number
  /** Whole weights for a share; throws UserError where it cannot be said in them. */
  weights(percent: number): Weights
  /** Percent of requests that the canary gets a copy of. */
  mirrorOf(rule: Json, canary: string): number
  /** The rule with exactly that mirror of ours; mirrors to others stay. */
  withMirror(rule: Json, canary: Json, percent: number): Json
}

export interface Weights {
  readonly stable: number
  readonly canary: number
}

export const NO_CANARY: TrafficSetting = { weight: 0, mirror: 0 }
