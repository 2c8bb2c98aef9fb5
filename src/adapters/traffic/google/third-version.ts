import { UserError } from '../../../errors.js'

/** Users that meet neither of two versions are no part of a comparison: percent by the system's names. */
export function requireTwo(
  shares: Iterable<readonly [string, number]>,
  own: readonly string[],
): void {
  for (const [name, percent] of shares) {
    if (percent === 0 || own.includes(name)) continue
    throw new UserError({
      code: 'MW-DEPLOY-258',
      where: 'deploy.backends.stable.name',
      what: `${JSON.stringify(name)} gets ${percent} % of the users, and is neither stable nor canary.`,
      fix: 'Name what users meet as stable, or give its share to stable first.',
    })
  }
}
