import { join, matchesGlob, resolve } from 'node:path'
import { type Artifact, DefaultArtifactClient } from '@actions/artifact'
import { getInput, setFailed, setOutput } from '@actions/core'

async function download(): Promise<void> {
  const client = new DefaultArtifactClient()
  const name = getInput('name')
  const path = resolve(getInput('path') || (process.env['GITHUB_WORKSPACE'] ?? '.'))
  const wanted = name === '' ? await matching(client) : [(await client.getArtifact(name)).artifact]
  const apart = name === '' && getInput('merge-multiple') !== 'true'
  for (const artifact of wanted) {
    const target = apart ? join(path, artifact.name) : path
    const expectedHash = artifact.digest
    const answer = await client.downloadArtifact(artifact.id, {
      path: target,
      ...(expectedHash === undefined ? {} : { expectedHash }),
    })
    if (answer.digestMismatch === true) throw new Error(`${artifact.name}: the digest is another`)
  }
  setOutput('download-path', path)
}

async function matching(client: DefaultArtifactClient): Promise<Artifact[]> {
  const pattern = getInput('pattern')
  const { artifacts } = await client.listArtifacts({ latest: true })
  return artifacts.filter(({ name }) => pattern === '' || matchesGlob(name, pattern))
}

download().catch((error: unknown) => setFailed(error instanceof Error ? error : String(error)))
