import { type LedgerEntry, openClaims } from './ledger.js'

export interface RecordLimits {
  /** Of all entries as JSON. */
  readonly bytes: number
  /** How many firings of one trigger the guard counts: they are never given up. */
  readonly firings: number
}

/**
 * What of a record has to be kept. Claims that have ended go, and with them what they had to send. Of what is left, where it is too
 * much, go in this order: what was held back before the last of its trigger, claims before the last, and the oldest
 * firings, save those that the guard counts.
 */
export function retained(
  entries: readonly LedgerEntry[],
  { bytes, firings }: RecordLimits,
): readonly LedgerEntry[] {
  const standing = withoutEnded(entries)
  let size = standing.reduce((sum, entry) => sum + sizeOf(entry), 0)
  const gone = new Set<LedgerEntry>()
  for (const entry of dispensable(standing, firings)) {
    if (size <= bytes) break
    gone.add(entry)
    size -= sizeOf(entry)
  }
  return gone.size === 0 ? standing : withoutEnded(standing.filter((entry) => !gone.has(entry)))
}

function withoutEnded(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const firedKeys = new Set(entries.filter(isFired).map(({ key }) => key))
  const open = new Set(openClaims(entries).filter(({ key }) => !firedKeys.has(key)))
  const claims = new Set([...open].map(({ claim }) => claim))
  const lastFiring = new Map(
    entries.flatMap((entry, at) => (isFired(entry) ? [[entry.trigger, at] as const] : [])),
  )
  const stands: Readonly<
    Record<LedgerEntry['state'], (entry: LedgerEntry, at: number) => boolean>
  > = {
    fired: () => true,
    claimed: (entry) => open.has(entry),
    failed: ({ claim }) => claims.has(claim),
    released: () => false,
    // A later firing has made it good.
    held: ({ trigger }, at) => at > (lastFiring.get(trigger) ?? -1),
  }
  return entries
    .filter((entry, at) => stands[entry.state](entry, at))
    .map((entry) => (isFired(entry) ? withoutClaim(entry) : entry))
}

/** Nobody asks for the claim and the run of what has fired. */
function withoutClaim({
  claim: _claim,
  run: _run,
  event: _event,
  ...rest
}: LedgerEntry): LedgerEntry {
  return rest
}

function dispensable(entries: readonly LedgerEntry[], firings: number): readonly LedgerEntry[] {
  return [
    ...beforeLast(entries, 'held', 1),
    ...beforeLast(entries, 'claimed', 1),
    ...beforeLast(entries, 'fired', firings),
  ]
}

/** Of each trigger those before the last `count`, oldest first. */
function beforeLast(
  entries: readonly LedgerEntry[],
  state: LedgerEntry['state'],
  count: number,
): readonly LedgerEntry[] {
  const own = entries.filter((entry) => entry.state === state)
  const seen = new Map<string, number>()
  const later = own.toReversed().filter(({ trigger }) => {
    const before = seen.get(trigger) ?? 0
    seen.set(trigger, before + 1)
    return before >= count
  })
  return later.toReversed()
}

function isFired({ state }: LedgerEntry): boolean {
  return state === 'fired'
}

function sizeOf(entry: LedgerEntry): number {
  return new TextEncoder().encode(JSON.stringify(entry)).length
}
