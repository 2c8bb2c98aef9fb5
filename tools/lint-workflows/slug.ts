import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** `owner/name` out of package.json's `repository`, so that a fork's files are checked against its own actions. */
export async function repositorySlug(root: string): Promise<string> {
  const { repository } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const url: unknown = typeof repository === 'string' ? repository : repository?.url
  const slug = /(?:github\.com[/:]|^github:|^)([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(String(url))?.[1]
  if (slug === undefined) throw new Error(`package.json: "repository" names no repository: ${url}`)
  return slug
}
