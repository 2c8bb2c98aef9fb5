import { UserError } from '../../../errors.js'
import type { Backend } from '../../../ports/traffic.js'
import type { Operation } from './client/index.js'
import { type Json, objectsAt, pointer, textAt } from './json.js'

/** What in a pod template says which version it is: a container's image, or one of its environment variables. */
export interface VersionField {
  /** Undefined: the only container, or the first. */
  readonly container?: string | undefined
  /** An environment variable of that container, where the image is the same for all versions. */
  readonly env?: string | undefined
}

/** Where the version stands in an object that has a pod template, and which it is. */
export interface VersionPlace {
  readonly path: string
  readonly value: string
  /** True only of the object that was looked into: lists may have other members in between. */
  readonly tests: readonly Operation[]
}

/** As managedFields name it: who owns the containers would take a change of one of them back. */
export const CONTAINERS = ['spec', 'template', 'spec', 'containers'] as const

/** Undefined where the template has no such container or variable. */
export function versionPlace(object: Json, field: VersionField): VersionPlace | undefined {
  const containers = objectsAt(object, ...CONTAINERS)
  const index =
    field.container === undefined
      ? 0
      : containers.findIndex((one) => textAt(one, 'name') === field.container)
  const container = containers[index]
  if (container === undefined) return undefined
  const tests: Operation[] = []
  const test = (path: string, value: unknown) => tests.push({ op: 'test', path, value })
  const base = pointer(...CONTAINERS, index)
  test(`${base}/name`, textAt(container, 'name'))
  if (field.env === undefined) return placed(`${base}/image`, textAt(container, 'image'), tests)
  const variables = objectsAt(container, 'env')
  const variable = variables.findIndex((one) => textAt(one, 'name') === field.env)
  const within = `${base}/env/${variable}`
  test(`${within}/name`, field.env)
  return placed(`${within}/value`, textAt(variables[variable], 'value'), tests)
}

function placed(
  path: string,
  value: string | undefined,
  tests: readonly Operation[],
): VersionPlace | undefined {
  return value === undefined ? undefined : { path, value, tests }
}

/** As `versionPlace`; throws UserError where the template does not say the version. */
export function requireVersionPlace(
  object: Json,
  field: VersionField,
  where: string,
): VersionPlace {
  const place = versionPlace(object, field)
  if (place !== undefined) return place
  const container = field.container === undefined ? 'its first container' : field.container
  throw new UserError({
    code: 'MW-DEPLOY-206',
    where,
    what:
      field.env === undefined
        ? `its pod template has no container ${container} with an image.`
        : `its pod template has no variable ${field.env} with a value in container ${container}.`,
    fix: 'Name the container, and the variable that says the version, with `container` and `env`.',
  })
}

const VALUE = /^[^\s\p{Cc}\p{Zl}\p{Zp}]{1,2048}$/u

/** What the template says of a version: an image reference, or the value of the variable. */
export function templateValue({ name, version }: Backend): string {
  if (name !== undefined && VALUE.test(name)) return name
  throw new UserError({
    code: 'MW-DEPLOY-207',
    where: `version ${JSON.stringify(version)}`,
    what:
      name === undefined
        ? 'it has no name, and versions are known by what the pod template says of them.'
        : `${JSON.stringify(name)} can be neither an image nor the value of a variable.`,
    fix: "Give its image (such as registry.example.com/fraud:7), or its variable's value, with deploy.backends.<role>.name.",
  })
}

/** The same of a canary that need not be there: reading and going back must not fail because of what was written down. */
export function canaryValue(canary: Backend | undefined): string | undefined {
  const name = canary?.name
  return name !== undefined && VALUE.test(name) ? name : undefined
}

/** Throws UserError where nothing tells the versions apart. */
export function refuseSameValue(stable: string, canary: string, where: string): void {
  if (stable !== canary) return
  throw new UserError({
    code: 'MW-DEPLOY-207',
    where,
    what: `both versions are called ${JSON.stringify(canary)} in the pod template.`,
    fix: 'Deploy each version as an image (or a value of the variable) of its own.',
  })
}

/** Throws UserError where the object serves something that is neither of the two. */
export function otherVersion(where: string, value: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-201',
    where,
    what: `its pod template says ${JSON.stringify(value)}, which is neither stable nor canary.`,
    fix: 'Name what users meet now with deploy.backends.stable.name.',
  })
}
