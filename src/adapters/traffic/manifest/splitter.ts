import { createHash } from 'node:crypto'
import { UserError } from '../../../errors.js'
import type { Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type { TrafficSetting } from '../../../ports/traffic.js'
import { trafficProblems } from '../problems.js'
import {
  type Before,
  entryName,
  type ManifestRules,
  promoted,
  rolledBack,
  shared,
} from './changes.js'
import { type Entry, type Manifest, manifestText, parseManifest } from './manifest.js'

/** Where the manifest is: a file of a machine, or of a repository. */
export interface ManifestFile {
  /** For messages. */
  readonly path: string
  /** Empty where there is none. */
  read(): Promise<string>
  /** Replaces it whole; `why` is for people who look at its history. */
  write(text: string, why: string): Promise<void>
}

export interface ManifestSplitterOptions extends ManifestRules {
  readonly file: ManifestFile
  readonly mirror: boolean
  /** Throws where readers would not get this version. */
  readonly check?: ((entry: Entry) => Promise<void>) | undefined
}

/** Divides by a file that readers go by: jobs by partition, devices by their id. In force for whoever reads it next. */
export function createManifestSplitter(options: ManifestSplitterOptions): Splitter {
  const { kind, file } = options
  return {
    kind,
    capabilities: { mirror: options.mirror, split: 'units' },
    read: async (roles) => splitOf(options, roles, await file.read()),
    admit: async (roles, guard) => {
      const now = await guarded(options, roles, guard)
      const canary = options.entryOf(roles.canary, now)
      await options.check?.(canary)
      return write(options, { roles, now, next: shared(options, { roles, now }, NO_SHARE) })
    },
    share: async (roles, traffic, guard) => {
      const now = await guarded(options, roles, guard)
      return write(options, { roles, now, next: shared(options, { roles, now }, traffic) })
    },
    promote: async (roles, guard) => {
      const now = await guarded(options, roles, guard)
      return write(options, { roles, now, next: promoted(options, roles, now) })
    },
    rollback: (roles) => rollback(options, roles),
  }
}

const ROLLBACK_TRIES = 5

/** Over whatever is there: another hand that writes at the same time is written over. */
async function rollback(options: ManifestSplitterOptions, roles: Roles): Promise<Split> {
  for (let attempt = 1; ; attempt++) {
    const now = readable(options, await options.file.read())
    try {
      return await write(options, { roles, now, next: rolledBack(options, roles, now) })
    } catch (error) {
      if (!isOvertaken(error) || attempt >= ROLLBACK_TRIES) throw error
    }
  }
}

function isOvertaken(error: unknown): boolean {
  return error instanceof UserError && error.problems.some(({ code }) => code === 'MW-DEPLOY-004')
}

const NO_SHARE: TrafficSetting = { weight: 0, mirror: 0 }

function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function splitOf({ kind, file }: ManifestSplitterOptions, roles: Roles, text: string): Split {
  const manifest = parseManifest(text, { kind, where: file.path })
  const split = { revision: revisionOf(text), url: undefined, ejected: undefined }
  const canary = roles.canary && entryName(roles.canary)
  if (manifest === undefined) return { ...split, weight: 0, mirror: 0 }
  if (manifest.stable.name === canary) return { ...split, weight: 100, mirror: 0 }
  if (manifest.stable.name !== entryName(roles.stable)) throw foreign(file.path, manifest, roles)
  const isThere = manifest.canary !== null && manifest.canary.name === canary
  const { share, copies } = manifest
  return { ...split, weight: isThere ? share : 0, mirror: isThere ? copies : 0 }
}

function foreign(path: string, { stable }: Manifest, roles: Roles): UserError {
  return new UserError({
    code: 'MW-DEPLOY-453',
    where: path,
    what: `it has ${JSON.stringify(stable.name)} in use, and the rollout knows ${JSON.stringify(entryName(roles.stable))}.`,
    fix: 'See who wrote it. mode: rollback brings the version that the rollout knows back.',
  })
}

async function guarded(
  options: ManifestSplitterOptions,
  roles: Roles,
  { revision }: Guard,
): Promise<Manifest | undefined> {
  const { kind, file } = options
  const text = await file.read()
  if (revisionOf(text) !== revision) {
    const now = parseManifest(text, { kind, where: file.path })
    throw trafficProblems(file.path).changed({ weight: now?.share ?? 0 })
  }
  splitOf(options, roles, text)
  return parseManifest(text, { kind, where: file.path })
}

/** Going back must not fail on a file that nobody can read: it is written anew. */
function readable({ kind, file }: ManifestSplitterOptions, text: string): Manifest | undefined {
  try {
    return parseManifest(text, { kind, where: file.path })
  } catch {
    return undefined
  }
}

interface Change extends Before<Roles> {
  readonly next: Manifest
}

function titleOf({ kind, stable, canary, share }: Manifest): string {
  const shown = (name: string) => JSON.stringify(name.slice(0, 100))
  if (canary === null) return `Rollout (${kind}): all to ${shown(stable.name)}`
  return `Rollout (${kind}): ${share} % to ${shown(canary.name)}`
}

async function write(
  options: ManifestSplitterOptions,
  { roles, now, next }: Change,
): Promise<Split> {
  // What says the same is not written again: its generation would say that something had changed.
  if (now === undefined || manifestText(now) !== manifestText(next)) {
    const text = manifestText({ ...next, generation: next.generation + 1 })
    await options.file.write(text, titleOf(next))
  }
  return splitOf(options, roles, await options.file.read())
}
