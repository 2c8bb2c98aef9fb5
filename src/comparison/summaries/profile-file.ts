import { Buffer } from 'node:buffer'
import { open, readFile } from 'node:fs/promises'
import { constants, gunzipSync, gzipSync } from 'node:zlib'
import type { Profile } from '../../domain/drift/profile/profile.js'
import { UserError } from '../../errors.js'
import { writeFileAtomically } from '../../files/atomic.js'
import { hasCode } from '../../files/errno.js'
import { ProfileSchema } from '../../statements/schemas/profile.js'
import { READ_AT_ONCE } from '../../tabular/byte-source.js'

/** A profile of 1,000 columns has some 200 MB; what unpacks to more is none. */
const LARGEST = 512_000_000

/** Writes a profile as JSON, packed where the path ends in `.gz`. The same profile makes the same bytes. */
export function writeProfile(path: string, profile: Profile): void {
  const text = `${JSON.stringify(profile)}\n`
  writeFileAtomically(path, path.endsWith('.gz') ? packed(text) : text)
}

function packed(text: string): Uint8Array {
  const bytes = gzipSync(text, { level: 9 })
  // The header says on which system it was packed.
  bytes[9] = 255
  return bytes
}

const BEGINNING = /^\s*\{\s*"modelwayProfile"\s*:/

/** Whether a file begins as a profile does, packed or not, whatever its name. False where it cannot be read. */
export async function isProfile(path: string): Promise<boolean> {
  const handle = await open(path, READ_AT_ONCE).catch(() => undefined)
  if (handle === undefined) return false
  try {
    if (!(await handle.stat()).isFile()) return false
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0)
    const head = buffer.subarray(0, bytesRead)
    return BEGINNING.test(isGzip(head) ? beginning(head) : head.toString('latin1'))
  } catch {
    return false
  } finally {
    await handle.close()
  }
}

function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/** What can be unpacked of the first bytes. */
function beginning(head: Uint8Array): string {
  const finishFlush = constants.Z_SYNC_FLUSH
  return gunzipSync(head, { finishFlush, maxOutputLength: 1 << 23 }).toString('latin1')
}

export interface FileToRead {
  readonly path: string
  /** The path as the user wrote it. */
  readonly shownAs: string
}

/**
 * Reads a profile. Throws MW-DRIFT-903 where the file cannot be read, -904 where it is no profile, -905 for one of another version, -906
 * for one that is damaged, and -907 for one that is too large.
 */
export async function readProfile({ path, shownAs }: FileToRead): Promise<Profile> {
  const text = await textOf({ path, shownAs })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw BEGINNING.test(text) ? damaged(shownAs, 'it ends too early', cause) : noProfile(shownAs)
  }
  if (typeof value !== 'object' || value === null || !('modelwayProfile' in value)) {
    throw noProfile(shownAs)
  }
  if (value.modelwayProfile !== 1) throw otherVersion(shownAs, value.modelwayProfile)
  const parsed = ProfileSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw damaged(shownAs, `${issue?.path.join('.')}: ${issue?.message}`, parsed.error)
}

async function textOf({ path, shownAs }: FileToRead): Promise<string> {
  const handle = await open(path, READ_AT_ONCE).catch((cause: unknown) => {
    throw unreadable(shownAs, cause)
  })
  try {
    const info = await handle.stat()
    if (!info.isFile()) throw unreadable(shownAs, undefined)
    if (info.size > LARGEST) throw tooLarge(shownAs)
    const bytes = await readFile(handle)
    return (isGzip(bytes) ? unpacked(bytes, shownAs) : bytes).toString('utf8')
  } finally {
    await handle.close()
  }
}

function unpacked(bytes: Buffer, shownAs: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST })
  } catch (cause) {
    if (hasCode(cause, 'ERR_BUFFER_TOO_LARGE')) throw tooLarge(shownAs)
    throw damaged(shownAs, 'it cannot be unpacked', cause)
  }
}

const MAKE_AGAIN = 'Make it again with `modelway profile`.'

function unreadable(shownAs: string, cause: unknown): UserError {
  const what = 'the profile cannot be read.'
  const fix = 'Name a file that exists and is readable.'
  return new UserError({ code: 'MW-DRIFT-903', where: shownAs, what, fix }, { cause })
}

function noProfile(shownAs: string): UserError {
  const what = 'this is no profile of a data set.'
  return new UserError({ code: 'MW-DRIFT-904', where: shownAs, what, fix: MAKE_AGAIN })
}

function otherVersion(shownAs: string, version: unknown): UserError {
  const shown = typeof version === 'number' ? String(version) : 'unknown'
  return new UserError({
    code: 'MW-DRIFT-905',
    where: shownAs,
    what: `the profile is of version ${shown}; this release knows version 1.`,
    fix: 'Use the release that wrote it, or make it again with this one.',
  })
}

function damaged(shownAs: string, why: string, cause: unknown): UserError {
  const what = `the profile is damaged: ${why.slice(0, 200)}.`
  return new UserError({ code: 'MW-DRIFT-906', where: shownAs, what, fix: MAKE_AGAIN }, { cause })
}

function tooLarge(shownAs: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-907',
    where: shownAs,
    what: `the profile is larger than ${LARGEST / 1e6} MB.`,
    fix: 'Make it of fewer columns.',
  })
}
