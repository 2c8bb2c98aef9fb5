import { createHash } from 'node:crypto'
import { ExternalError, UserError } from '../../../errors.js'
import type { Entry, ManifestArtifact } from './manifest.js'

/** Downloads what devices would, and keeps none of it. Throws where they would not get what they are told to expect. */
export async function checkArtifact({ name, artifact }: Entry, timeoutMs: number): Promise<void> {
  if (artifact === undefined) return
  const got = await download(artifact.url, timeoutMs)
  const { sha256, bytes } = artifact
  if (got.sha256 === sha256 && (bytes === undefined || bytes === got.bytes)) return
  throw new UserError({
    code: 'MW-DEPLOY-455',
    where: 'deploy.download.artifacts',
    what: `${JSON.stringify(name)} is another file than said: ${got.bytes} bytes, SHA-256 ${got.sha256}.`,
    fix: 'Correct url, sha256 and bytes, or upload the file that they are of. No device has been told of it.',
  })
}

async function download(
  url: string,
  timeoutMs: number,
): Promise<Omit<Required<ManifestArtifact>, 'url'>> {
  const hash = createHash('sha256')
  let bytes = 0
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    if (!response.ok) throw unavailable(response.status)
    for await (const chunk of response.body ?? []) {
      hash.update(chunk)
      bytes += chunk.length
    }
  } catch (error) {
    throw error instanceof ExternalError ? error : unavailable(undefined, error)
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** Addresses may be signed: they are not told. */
function unavailable(status: number | undefined, cause?: unknown): ExternalError {
  return new ExternalError(
    {
      code: 'MW-DEPLOY-456',
      service: 'the server of the artifact',
      what: 'the new version cannot be downloaded from where devices are to get it.',
      status,
      retryable: status === undefined || status >= 500 || status === 429,
    },
    { cause },
  )
}
