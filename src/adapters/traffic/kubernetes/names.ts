import { UserError } from '../../../errors.js'
import type { Backend } from '../../../ports/traffic.js'

/** RFC 1123: names of Services and Deployments, subsets, and hosts of the mesh. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/

/** What the cluster calls a version; `what` says for people what it is the name of. */
export function clusterName({ name, version }: Backend, what: string): string {
  if (name !== undefined && NAME.test(name)) return name
  throw new UserError({
    code: 'MW-DEPLOY-123',
    where: `version ${JSON.stringify(version)}`,
    what:
      name === undefined
        ? `it has no name, and the cluster knows versions by the name of their ${what}.`
        : `${JSON.stringify(name)} cannot be the name of a ${what}.`,
    fix: `Give the name of its ${what} with deploy.backends.<role>.name.`,
  })
}

/**
 * The same of a canary that need not be there; undefined too where its name can be none: whatever was written down about it, reading
 * and going back must not fail because of it.
 */
export function canaryName(canary: Backend | undefined): string | undefined {
  const name = canary?.name
  return name !== undefined && NAME.test(name) ? name : undefined
}
