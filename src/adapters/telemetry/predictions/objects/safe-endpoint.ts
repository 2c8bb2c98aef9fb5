import { UserError } from '../../../../errors.js'

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

/** An address that may be signed in to, without the slash at its end: https, or this machine. */
export function safeEndpoint(address: string): string {
  const url = new URL(address)
  const isSafe = url.protocol === 'https:' || LOOPBACK.test(url.hostname)
  if (isSafe && url.username === '' && url.search === '') return url.href.replace(/\/+$/, '')
  throw new UserError({
    code: 'MW-DEPLOY-318',
    where: 'deploy.signals.predictions.objects.endpoint',
    what: 'a token would be sent to it in clear text, or it holds more than an address.',
    fix: 'Write it as https://host, without user and query.',
  })
}
