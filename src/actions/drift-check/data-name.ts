import { createHash } from 'node:crypto'
import type { Judged } from './judged.js'

/** The digest of the current data's files together. */
export function dataDigest({ subject }: Pick<Judged, 'subject'>): string {
  const hash = createHash('sha256')
  for (const { digest } of subject) hash.update(digest.sha256)
  return `sha256:${hash.digest('hex')}`
}

/** What data is called that no window names: the same for every run on it. */
export function dataName(judged: Pick<Judged, 'subject'>): string {
  return `data:${dataDigest(judged)}`
}
