import * as z from 'zod'
import { PositiveDuration } from '../duration.js'
import { hasOnePlace, manifestKeys, ONE_PLACE } from './manifest-file.js'

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/

const Artifact = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => {
      const { protocol, hostname } = new URL(url)
      return protocol === 'https:' || LOOPBACK.test(hostname)
    }, 'must begin with https://, or be on this machine')
    .describe('Where devices download it.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .describe('SHA-256 of the file, which a device checks before it uses it.'),
  bytes: z.int().positive().optional().describe('How large it is.'),
})

/** `deploy.download`: models that devices download, staged by the share of the devices. */
export const DownloadTarget = z
  .strictObject({
    ...manifestKeys,
    artifacts: z
      .record(z.string().min(1).max(1024), Artifact)
      .default({})
      .describe(
        'The file of each version, by `name` of its backend. A version that the manifest has already needs none.',
      ),
    check: z
      .boolean()
      .default(true)
      .describe(
        'Whether the new version is downloaded once, and its digest compared, before any device is told of it.',
      ),
    timeout: PositiveDuration.default(300_000).describe('How long that download may take.'),
  })
  .refine(hasOnePlace, ONE_PLACE)
export type DownloadTarget = z.output<typeof DownloadTarget>
