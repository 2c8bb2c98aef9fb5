import * as z from 'zod'

const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST'
const REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION'

const Entry = z.object({
  type: z.string().optional(),
  revision: z.string().optional(),
  percent: z.number().optional(),
  tag: z.string().optional(),
})
export type Entry = z.output<typeof Entry>

const Condition = z.object({
  type: z.string().optional(),
  state: z.string().optional(),
  message: z.string().optional(),
  reason: z.string().optional(),
  revisionReason: z.string().optional(),
})
export type Condition = z.output<typeof Condition>

/** What we read of GoogleCloudRunV2Service. JSON leaves out what is false, 0 or empty. */
export const Service = z.object({
  etag: z.string(),
  annotations: z.record(z.string(), z.string()).default({}),
  traffic: z.array(Entry).default([]),
  trafficStatuses: z.array(Entry).default([]),
  latestReadyRevision: z.string().optional(),
  reconciling: z.boolean().default(false),
  terminalCondition: Condition.optional(),
  conditions: z.array(Condition).default([]),
  uri: z.string().optional(),
})
export type Service = z.output<typeof Service>

/** Percent by revision; revisions without users are not in it. */
export type Shares = ReadonlyMap<string, number>

/** What `traffic` means when there is none. */
function entriesOf({ traffic }: Service): readonly Entry[] {
  return traffic.length > 0 ? traffic : [{ type: LATEST, percent: 100 }]
}

/** What is written, with the latest revision by its name. */
export function wantedShares(service: Service): Shares {
  return sharesOf(entriesOf(service), service)
}

/** What users meet, as the system says. */
export function observedShares(service: Service): Shares {
  return sharesOf(service.trafficStatuses, service)
}

function sharesOf(entries: readonly Entry[], service: Service): Shares {
  const shares = new Map<string, number>()
  for (const entry of entries) {
    const { percent = 0 } = entry
    // A status may name the revision that the latest one is.
    const named = shortName(entry.revision)
    const revision = named === '' ? shortName(service.latestReadyRevision) : named
    if (percent > 0) shares.set(revision, (shares.get(revision) ?? 0) + percent)
  }
  return shares
}

function isLatest({ type, revision }: Entry): boolean {
  return revision === undefined || revision === '' || type === LATEST
}

/** The last part of projects/…/revisions/…; other places write it alone. */
function shortName(name: string | undefined): string {
  return name?.split('/').at(-1) ?? ''
}

/** Whether a newer revision would get users by itself. */
export function followsLatest(service: Service): boolean {
  return entriesOf(service).some((entry) => isLatest(entry) && (entry.percent ?? 0) > 0)
}

/** A text of shares that is the same for the same shares. */
export function sharesText(shares: Shares): string {
  return JSON.stringify([...shares].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * The entries that give these shares, all by name; tags stay where they are, and what has neither users nor a tag is left
 * out. With no entry for the latest revision that has users, none that comes later gets some by itself.
 */
export function entriesFor(service: Service, shares: Shares): readonly Entry[] {
  const left = new Map(shares)
  const kept = entriesOf(service).map((entry): Entry => {
    const tag = entry.tag === undefined || entry.tag === '' ? {} : { tag: entry.tag }
    if (isLatest(entry)) return { type: LATEST, percent: 0, ...tag }
    const revision = shortName(entry.revision)
    const percent = left.get(revision) ?? 0
    left.delete(revision)
    return { type: REVISION, revision, percent, ...tag }
  })
  const added = [...left].map(
    ([revision, percent]): Entry => ({ type: REVISION, revision, percent }),
  )
  return [...kept, ...added].filter(({ percent, tag }) => percent !== 0 || tag !== undefined)
}
