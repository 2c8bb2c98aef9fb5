import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `owner/name` from package.json's repository, so that a fork's documentation names the fork. */
export function repositorySlug(root: string): string {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const slug = /github\.com[/:]([^/]+\/[^/]+?)(?:\.git)?$/.exec(repository.url)?.[1]
  if (slug === undefined) throw new Error('package.json: repository.url names no GitHub repository')
  return slug
}

/** `owner/name/actions/evaluate-gate@evaluate-gate/v1`. */
export function usesOf(root: string, action: string): string {
  const { version } = JSON.parse(
    readFileSync(join(root, 'actions', action, 'package.json'), 'utf8'),
  )
  return `${repositorySlug(root)}/actions/${action}@${action}/v${String(version).split('.')[0]}`
}

/**
 * Puts this repository's slug, and each action's major version, into every `owner/name/actions/X@X/vN`, and the slug into the
 * addresses of the schema and for cloning: text written by hand names a fork's own actions, too.
 */
export function withOwnSlug(root: string, text: string): string {
  return text
    .replaceAll(/[\w.-]+\/[\w.-]+\/actions\/([a-z-]+)@\1\/v\d+(?![\d.])/g, (_, action: string) =>
      usesOf(root, action),
    )
    .replaceAll(
      /(raw\.githubusercontent\.com\/)[\w.-]+\/[\w.-]+(\/main\/schema\/modelway\.schema\.json)/g,
      (_, host: string, path: string) => `${host}${repositorySlug(root)}${path}`,
    )
    .replaceAll(
      /(github\.com\/)[\w.-]+\/[\w.-]+?\.git\b/g,
      (_, host: string) => `${host}${repositorySlug(root)}.git`,
    )
}
