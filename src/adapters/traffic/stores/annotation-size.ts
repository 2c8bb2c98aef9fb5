import { UserError } from '../../../errors.js'

/** All annotations of an object together have 256 KiB, in Kubernetes and in Cloud Run. */
const MOST_BYTES = 200 * 1024

/** Throws UserError for a record that an annotation cannot hold. */
export function refuseTooLong(text: string, where: string): void {
  const bytes = Buffer.byteLength(text)
  if (bytes <= MOST_BYTES) return
  throw new UserError({
    code: 'MW-DEPLOY-114',
    where,
    what: `the record of the rollout has ${bytes} bytes, and an annotation holds ${MOST_BYTES}.`,
    fix: 'Keep it in the forge or in a folder, or look less often (deploy.interval).',
  })
}
