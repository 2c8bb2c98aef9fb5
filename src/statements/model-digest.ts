import { digestOf } from './canonical.js'
import type { Subject } from './statement.js'

/** One digest for a model: that of its only file, or of the list of the names and digests of its files. */
export function modelDigest(files: readonly Subject[]): string {
  const [first] = files
  if (first !== undefined && files.length === 1) return `sha256:${first.digest.sha256}`
  return digestOf(files.map(({ name, digest }) => ({ name, sha256: digest.sha256 })))
}
