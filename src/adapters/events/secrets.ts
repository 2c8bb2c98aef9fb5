import { UserError } from '../../errors.js'
import { headerValue } from '../../secrets.js'
import type { SenderContext } from './index.js'

/** A secret of the environment, hidden from now on; undefined where it is not set or blank. */
export function readSecret(name: string, { env, mask }: SenderContext): string | undefined {
  const value = env[name]
  if (value === undefined || value.trim() === '') return undefined
  mask(value)
  return value
}

/** A secret that goes into a header of HTTP, without the white space around it. Throws UserError, without it, where HTTP has no way to write it. */
export function readToken(name: string, context: SenderContext): string | undefined {
  const value = readSecret(name, context)?.trim()
  if (value === undefined) return undefined
  context.mask(value)
  return headerValue(value, name)
}

/** A user name and its password; undefined where neither is set. Throws UserError where only one is. */
export function readAccount(
  prefix: string,
  context: SenderContext,
): { readonly username: string; readonly password: string } | undefined {
  const username = context.env[`${prefix}_USERNAME`]?.trim() || undefined
  const password = readSecret(`${prefix}_PASSWORD`, context)
  if (username !== undefined && password !== undefined) return { username, password }
  if (username === undefined && password === undefined) return undefined
  const [there, missing] =
    username === undefined ? ['PASSWORD', 'USERNAME'] : ['USERNAME', 'PASSWORD']
  throw new UserError({
    code: 'MW-DRIFT-508',
    where: 'drift.triggers',
    what: `${prefix}_${there} is set, but ${prefix}_${missing} is not.`,
    fix: 'Set both in the environment of the step.',
  })
}
