import { UserError } from '../../errors.js'

export interface PlainName {
  readonly where: string
  readonly service: string
  /** What a name may be made of there. */
  readonly of: RegExp
}

/** A name for a language in which it cannot be written safely unless it is plain. */
export function plainName(name: string, { where, service, of }: PlainName): string {
  if (of.test(name)) return name
  throw new UserError({
    code: 'MW-DEPLOY-285',
    where,
    what: `${JSON.stringify(name)} cannot be put into a query of ${service}.`,
    fix: 'Call the version by a name (deploy.backends.….name, else version) of letters, digits and . - _ : / @ + only.',
  })
}

/** Without anything that ends a text, or begins something else in one. */
export const PLAIN = /^[\p{L}\p{N}._:/@+-]{1,256}$/u
