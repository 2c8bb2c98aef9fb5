import type { Backend, TrafficSetting } from './traffic.js'

/**
 * What divides users' requests by weights and does no more: a gateway, a proxy, a managed endpoint. What rollouts have in
 * common (who drives, what was before, what is counted) is made of it in actions/deploy-canary/target.
 */
export interface Splitter {
  /** As `deploy.target` names it. */
  readonly kind: string
  readonly capabilities: SplitterCapabilities
  /** How traffic is divided now, as the system itself says. Throws UserError where it is not there. */
  read(roles: Roles): Promise<Split>
  /** Brings the canary in without giving it a user; twice is as once. */
  admit(roles: BothRoles, guard: Guard): Promise<Split>
  /** Sets weight and mirror in one write; resolves when the system says that it is in force. */
  share(roles: BothRoles, traffic: TrafficSetting, guard: Guard): Promise<Split>
  /** All traffic to the canary, for good: nothing that is left may bring stable back by itself. */
  promote(roles: BothRoles, guard: Guard): Promise<Split>
  /** All traffic to stable, unguarded, whatever was done before; nothing that is left may promote the canary later. */
  rollback(roles: Roles): Promise<Split>
}

export interface SplitterCapabilities {
  readonly mirror: boolean
  /**
   * How a request's version is chosen: `turn` (weighted round robin, exact), `chance` (each by itself), `replicas` (as
   * many as there are replicas: weights come in steps), `controller` (the system moves weights by itself), `units` (whole partitions or
   * devices, of which some have more requests than others, and which follow a change when they next ask).
   */
  readonly split: 'turn' | 'chance' | 'replicas' | 'controller' | 'units'
}

/** The two versions by the system's own names. */
export interface Roles {
  readonly stable: Backend
  readonly canary: Backend | undefined
}

export interface BothRoles extends Roles {
  readonly canary: Backend
}

/** The revision that a write is based on: the system refuses it where another hand has written since. */
export interface Guard {
  readonly revision: string
}

export interface Split {
  /** Share of users' requests that the canary gets, percent. */
  readonly weight: number
  /** Share of requests that the canary gets a copy of, percent. */
  readonly mirror: number
  /** Changes with every write to what we write. */
  readonly revision: string
  /** Where users send their requests; undefined where the system does not say. */
  readonly url: string | undefined
  /** Why the system itself has taken the canary out of service. */
  readonly ejected: string | undefined
  /** What signals call the versions from now on, where that is not their name; a version that is not in it stays what it was. */
  readonly seenAs?: SeenAs | undefined
}

/** A label that metrics have: a revision, the hash of a pod template, the place where users meet a version. */
export interface SeenAs {
  readonly stable?: string | undefined
  readonly canary?: string | undefined
}
