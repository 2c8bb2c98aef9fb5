// Runs one call of the real toolkit, as a step of a job would, and prints what it gave as the last line.
import { DefaultArtifactClient } from '@actions/artifact'
import { restoreCache, saveCache } from '@actions/cache'

const calls = {
  upload: ({ name, files, root }) => new DefaultArtifactClient().uploadArtifact(name, files, root),
  async download({ name, path, expectedHash }) {
    const client = new DefaultArtifactClient()
    const { artifact } = await client.getArtifact(name)
    const answer = await client.downloadArtifact(artifact.id, { path, expectedHash })
    return { artifact, ...answer }
  },
  list: () => new DefaultArtifactClient().listArtifacts(),
  remove: ({ name }) => new DefaultArtifactClient().deleteArtifact(name),
  save: ({ paths, key }) => saveCache(paths, key),
  restore: ({ paths, key, restoreKeys }) => restoreCache(paths, key, restoreKeys),
}

const [, , call, options = '{}'] = process.argv
const result = await calls[call](JSON.parse(options))
process.stdout.write(`\n${JSON.stringify({ result })}\n`)
