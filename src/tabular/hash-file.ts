import { createHash } from 'node:crypto'
import { readChunks } from './byte-source.js'

/**
 * SHA-256 (lower-case hexadecimal) and size in bytes of a file, in constant memory. Throws MW-DATA-001 when
 * the file cannot be read and CancelledError when the signal fires.
 */
export async function hashFile(
  path: string,
  signal?: AbortSignal,
  shownAs = path,
): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of readChunks({ path, shownAs, signal }, 'none')) {
    hash.update(chunk)
    size += chunk.length
  }
  return { sha256: hash.digest('hex'), size }
}
