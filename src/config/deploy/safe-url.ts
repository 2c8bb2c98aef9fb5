import * as z from 'zod'

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/

/** An address that credentials go to: over https, or on this machine. */
export function safeUrl(what: string) {
  return z
    .url({ protocol: /^https?$/ })
    .refine((url) => {
      const { protocol, hostname } = new URL(url)
      return protocol === 'https:' || LOOPBACK.test(hostname)
    }, 'must begin with https://, or be on this machine')
    .optional()
    .describe(what)
}
