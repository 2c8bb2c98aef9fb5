import type { BlobStore } from './blob-store.js'
import { known, type Message, type Service, TwirpError, text } from './twirp.js'

export interface StoredCache {
  readonly id: number
  readonly key: string
  /** A digest of the paths and of the way of packing; entries of other versions do not match. */
  readonly version: string
  readonly blob: string
  readonly size: number
  readonly finalized: boolean
}

/** Version 2 of the cache. Scopes (branches) are left out: all runs see all entries. */
export class Caches {
  readonly stored: StoredCache[] = []
  private readonly blobs: BlobStore
  private ids = 0

  constructor(blobs: BlobStore) {
    this.blobs = blobs
  }

  service(): Service {
    return {
      CreateCacheEntry: (request) => this.create(request),
      FinalizeCacheEntryUpload: (request) => this.finalize(request),
      GetCacheEntryDownloadURL: (request) => this.lookUp(request),
    }
  }

  private create(request: Message): Message {
    known(request, ['metadata', 'key', 'version'])
    const [key, version] = [text(request, 'key'), text(request, 'version')]
    if (this.stored.some((entry) => entry.key === key && entry.version === version)) {
      throw new TwirpError('already_exists', 'cache entry with the same key, version exists')
    }
    this.ids += 1
    const blob = `caches/${this.ids}`
    this.stored.push({ id: this.ids, key, version, blob, size: 0, finalized: false })
    return { ok: true, signed_upload_url: this.blobs.signedUrl(blob, 'cw') }
  }

  private async finalize(request: Message): Promise<Message> {
    known(request, ['metadata', 'key', 'version', 'size_bytes'])
    const [key, version] = [text(request, 'key'), text(request, 'version')]
    const index = this.stored.findIndex((entry) => entry.key === key && entry.version === version)
    const entry = this.stored[index]
    if (entry === undefined) throw new TwirpError('not_found', `cache ${key} not found`)
    const measured = await this.blobs.measure(entry.blob)
    const size = Number(text(request, 'size_bytes'))
    if (measured?.size !== size) {
      throw new TwirpError('invalid_argument', `uploaded: ${measured?.size}; said: ${size}`)
    }
    this.stored[index] = { ...entry, size, finalized: true }
    return { ok: true, entry_id: String(entry.id) }
  }

  private lookUp(request: Message): Message {
    known(request, ['metadata', 'key', 'version', 'restore_keys'])
    const [key, version] = [text(request, 'key'), text(request, 'version')]
    const restoreKeys = Array.isArray(request['restore_keys']) ? request['restore_keys'] : []
    const usable = this.stored.filter((entry) => entry.finalized && entry.version === version)
    const exact = usable.find((entry) => entry.key === key)
    const found = exact ?? newestByPrefix(usable, restoreKeys.map(String))
    if (found === undefined) return { ok: false }
    const signed_download_url = this.blobs.signedUrl(found.blob, 'r')
    return { ok: true, signed_download_url, matched_key: found.key }
  }
}

function newestByPrefix(
  entries: readonly StoredCache[],
  prefixes: readonly string[],
): StoredCache | undefined {
  for (const prefix of prefixes) {
    const found = entries.findLast((entry) => entry.key.startsWith(prefix))
    if (found !== undefined) return found
  }
  return undefined
}
