import { statSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { DefaultArtifactClient } from '@actions/artifact'
import { getInput, setFailed, setOutput, warning } from '@actions/core'
import { create } from '@actions/glob'

/** What a pattern matches, hidden files left out as since upload-artifact v4.4, and the folder that paths are kept from. */
async function search(pattern: string): Promise<{ files: string[]; root: string }> {
  const globber = await create(pattern, {
    followSymbolicLinks: true,
    implicitDescendants: true,
    omitBrokenSymbolicLinks: true,
    excludeHiddenFiles: getInput('include-hidden-files') !== 'true',
  })
  const files = (await globber.glob()).filter((path) => !statSync(path).isDirectory())
  const roots = globber.getSearchPaths()
  const [only = '.'] = roots
  if (roots.length > 1) return { files, root: common(roots) }
  return { files, root: files.length === 1 && files[0] === only ? dirname(only) : only }
}

function common(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split(sep))
  const end = first.findIndex((part, index) => others.some((other) => other[index] !== part))
  return join(sep, ...(end === -1 ? first : first.slice(0, end)))
}

async function upload(): Promise<void> {
  const name = getInput('name')
  const path = getInput('path', { required: true })
  const { files, root } = await search(path)
  if (files.length === 0) {
    const message = `No files were found with the provided path: ${path}. No artifacts will be uploaded.`
    if (getInput('if-no-files-found') === 'error') setFailed(message)
    else if (getInput('if-no-files-found') === 'warn') warning(message)
    return
  }
  const client = new DefaultArtifactClient()
  if (getInput('overwrite') === 'true') await client.deleteArtifact(name).catch(() => undefined)
  const compressionLevel = Number(getInput('compression-level'))
  const { id, digest } = await client.uploadArtifact(name, files, root, { compressionLevel })
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env
  setOutput('artifact-id', id)
  setOutput('artifact-digest', digest)
  setOutput(
    'artifact-url',
    `${server}/${repository}/actions/runs/${process.env['GITHUB_RUN_ID']}/artifacts/${id}`,
  )
}

upload().catch((error: unknown) => setFailed(error instanceof Error ? error : String(error)))
