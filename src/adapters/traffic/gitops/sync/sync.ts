import { ExternalError } from '../../../../errors.js'

/** What the system that applies manifests says now. */
export interface SyncLook {
  /**
   * `in-force`: applied and healthy. `degraded`: applied, and ill, which may pass. `failed`: it will not apply it. `waiting`: else.
   */
  readonly is: 'in-force' | 'waiting' | 'degraded' | 'failed'
  /** The commits that this is said of. */
  readonly revisions: readonly string[]
  /** For people. */
  readonly on: string
}

/** Who applies manifests. */
export interface Sync {
  /** For messages, without secrets. */
  readonly title: string
  /** Has it look at the repository now. */
  nudge(): Promise<void>
  look(): Promise<SyncLook>
}

export interface Wait {
  readonly sync: Sync
  /** For people: the commit that is waited for. */
  readonly commit: string
  /** Whether a commit has our values: ours, or one after it that left them alone. */
  readonly isOurs: (commit: string) => Promise<boolean>
  readonly limitMs: number
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
}

const POLL_MS = 2000
const NUDGE_MS = 20_000
/** What is ill for longer has not only just been started. */
const GRACE_MS = 30_000

/** Waits until that very change is applied and healthy. Throws ExternalError where it is refused, ill, or late. */
export async function untilSynced(wait: Wait): Promise<void> {
  const { sync, limitMs, now, sleep } = wait
  const until = now() + limitMs
  const nudge = nudging(wait)
  let ill: number | undefined
  for (;;) {
    await nudge()
    const look = await sync.look()
    const isOurs = await isAnyOurs(wait, look.revisions)
    if (isOurs && look.is === 'in-force') return
    ill = isOurs && look.is === 'degraded' ? (ill ?? now()) : undefined
    if (isOurs) refuseIll(wait, look, ill)
    if (now() >= until) throw late(wait, isOurs ? look.on : elsewhere(look))
    await sleep(POLL_MS)
  }
}

function nudging({ sync, now }: Wait): () => Promise<void> {
  let last = Number.NEGATIVE_INFINITY
  return async () => {
    if (now() < last + NUDGE_MS) return
    await sync.nudge()
    last = now()
  }
}

function refuseIll({ sync, commit, now }: Wait, look: SyncLook, ill: number | undefined): void {
  const isIll = ill !== undefined && now() >= ill + GRACE_MS
  if (look.is === 'failed' || isIll) throw refused(sync, commit, look.on)
}

async function isAnyOurs({ isOurs }: Wait, revisions: readonly string[]): Promise<boolean> {
  for (const revision of new Set(revisions)) if (await isOurs(revision)) return true
  return false
}

function elsewhere({ revisions, on }: SyncLook): string {
  const at = revisions.map((one) => one.slice(0, 12)).join(', ')
  return at === '' ? on : `it is at ${at} (${on})`
}

function refused({ title }: Sync, commit: string, why: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-418',
    service: title,
    what: `commit ${commit.slice(0, 12)} is not in force: ${why}`,
    retryable: false,
  })
}

function late({ sync, commit, limitMs }: Wait, why: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-419',
    service: sync.title,
    what: `commit ${commit.slice(0, 12)} is not in force after ${limitMs} ms: ${why}`,
    retryable: true,
  })
}
