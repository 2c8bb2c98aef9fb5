import { UserError } from '../../../errors.js'
import { type ResourceRef, titleOf } from './client/resource.js'
import { at, isJson, type Json, objectsAt, textAt } from './json.js'

/** Field managers of what puts a cluster back to what git says. */
const FROM_GIT =
  /^(argocd-controller|argocd-application-controller|argocd|kustomize-controller|helm-controller|flux|flux-client-side-apply|fleetagent|config-sync|configsync\.gke\.io)$/

/**
 * Refuses to write a field that git keeps: the next synchronisation would take the change back in the middle of a rollout.
 * `fields` are paths as managedFields writes them, without `f:`: `['spec', 'rules']`.
 */
export function refuseFromGit(
  ref: ResourceRef,
  object: Json,
  fields: readonly (readonly string[])[],
): void {
  for (const field of fields) {
    const owner = ownersOf(object, field).find((manager) => FROM_GIT.test(manager))
    if (owner === undefined) continue
    throw new UserError({
      code: 'MW-DEPLOY-111',
      where: titleOf(ref),
      what: `${field.join('.')} is owned by ${owner}: git says what it is, and would take a change back.`,
      fix: 'Roll out through git (deploy.target: gitops), or take the field out of what is synchronised (Argo CD: ignoreDifferences with RespectIgnoreDifferences).',
    })
  }
}

/** Who owns a field, something above it as a whole, or something below it. */
export function ownersOf(object: Json, field: readonly string[]): readonly string[] {
  return objectsAt(object, 'metadata', 'managedFields').flatMap((entry) => {
    const manager = textAt(entry, 'manager')
    return manager !== undefined && owns(at(entry, 'fieldsV1'), field) ? [manager] : []
  })
}

function owns(fields: unknown, path: readonly string[]): boolean {
  let current = fields
  for (const key of path) {
    if (!isJson(current)) return false
    const next = current[`f:${key}`]
    // Nothing below and not the key: the manager owns neighbours, or the whole when it is a leaf.
    if (next === undefined) return false
    if (isJson(next) && Object.keys(next).length === 0) return true
    current = next
  }
  return true
}
