import type { BatchTarget } from '../../../config/deploy/batch.js'
import type { DownloadTarget } from '../../../config/deploy/download.js'
import { UserError } from '../../../errors.js'
import { createOwnFile } from '../own-file.js'
import type { System } from '../system.js'
import { checkArtifact } from './artifact.js'
import type { Entry, Manifest } from './manifest.js'
import { createManifestSplitter, entryName } from './splitter.js'

/** A share of the partitions of a batch job, which may score others by both versions. */
export async function openBatch({ file, salt, partitions }: BatchTarget): Promise<System> {
  return {
    splitter: createManifestSplitter({
      kind: 'batch',
      file: createOwnFile(file, 'deploy.batch.file'),
      salt,
      keys: partitions,
      mirror: true,
      entryOf: (backend) => ({ version: backend.version, name: entryName(backend) }),
    }),
  }
}

/** A share of the devices that download a model. */
export async function openDownload(settings: DownloadTarget): Promise<System> {
  const { file, salt, artifacts, check, timeout } = settings
  return {
    splitter: createManifestSplitter({
      kind: 'download',
      file: createOwnFile(file, 'deploy.download.file'),
      salt,
      mirror: false,
      entryOf: (backend, now) => {
        const name = entryName(backend)
        const artifact = Object.hasOwn(artifacts, name) ? artifacts[name] : known(now, name)
        if (artifact === undefined) throw noArtifact(name)
        return { version: backend.version, name, artifact }
      },
      check: check ? (entry) => checkArtifact(entry, timeout) : undefined,
    }),
  }
}

function known(now: Manifest | undefined, name: string): Entry['artifact'] {
  const entries = [now?.stable, now?.canary, now?.previous]
  return entries.find((entry) => entry?.name === name)?.artifact
}

function noArtifact(name: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-454',
    where: 'deploy.download.artifacts',
    what: `it is not said which file ${JSON.stringify(name)} is, and the manifest does not have it.`,
    fix: 'Name its url and sha256 under the name that deploy.backends gives it.',
  })
}
