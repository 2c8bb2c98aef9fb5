import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Traffic } from './protocol.js'

export type Role = 'stable' | 'canary'

export interface Choice {
  readonly role: Role
  /** False for sticky requests: one person's many requests say nothing about how well the weights are kept. */
  readonly byWeight: boolean
}

export interface ChooserOptions {
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly stickyHeader?: string | undefined
}

/** Gives each request a version: by weight, or by a hash of the sticky header, so that whoever has met the canary keeps it. */
export function createChooser({ random, stickyHeader }: ChooserOptions) {
  const name = stickyHeader?.toLowerCase()
  return (traffic: Traffic, headers: IncomingHttpHeaders): Choice => {
    const key = name === undefined ? undefined : headers[name]
    const byWeight = key === undefined
    const point = byWeight ? random() : hashPoint(String(key))
    const toCanary = traffic.canary !== null && point * 100 < traffic.weight
    return { role: toCanary ? 'canary' : 'stable', byWeight }
  }
}

function hashPoint(key: string): number {
  return createHash('sha256').update(key).digest().readUIntBE(0, 6) / 2 ** 48
}
