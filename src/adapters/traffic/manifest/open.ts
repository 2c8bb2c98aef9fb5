import type { BatchTarget } from '../../../config/deploy/batch.js'
import type { DownloadTarget } from '../../../config/deploy/download.js'
import { UserError } from '../../../errors.js'
import { createOwnFile } from '../own-file.js'
import { createRegisterRolloutStore } from '../stores/register.js'
import type { System, SystemTools } from '../system.js'
import { checkArtifact } from './artifact.js'
import { entryName } from './changes.js'
import type { Entry, Manifest } from './manifest.js'
import { createRepositoryFile } from './repository-file.js'
import { createManifestSplitter, type ManifestFile } from './splitter.js'

/** A share of the partitions of a batch job, which may score others by both versions. */
export async function openBatch(settings: BatchTarget, tools: SystemTools): Promise<System> {
  const { salt, partitions } = settings
  return {
    store: storeOf(settings, tools),
    splitter: createManifestSplitter({
      kind: 'batch',
      file: await openFile(settings, tools, 'deploy.batch'),
      salt,
      keys: partitions,
      mirror: true,
      entryOf: (backend) => ({ version: backend.version, name: entryName(backend) }),
    }),
  }
}

/** A share of the devices that download a model. */
export async function openDownload(settings: DownloadTarget, tools: SystemTools): Promise<System> {
  const { salt, artifacts, check, timeout } = settings
  return {
    store: storeOf(settings, tools),
    splitter: createManifestSplitter({
      kind: 'download',
      file: await openFile(settings, tools, 'deploy.download'),
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

type Place = Pick<BatchTarget, 'file' | 'repository'>

async function openFile(
  { file, repository: place }: Place,
  { openRepository, env }: SystemTools,
  where: string,
): Promise<ManifestFile> {
  if (place === undefined) return createOwnFile(file ?? '', `${where}.file`)
  if (openRepository === undefined) throw noForge(where)
  const token = env['MODELWAY_GITOPS_TOKEN']?.trim() || undefined
  const writer = openRepository({ repository: place.repository, token })
  const branch = place.branch ?? (await writer.defaultBranch())
  return createRepositoryFile({ writer, branch, path: place.path, where: `${where}.repository` })
}

/** Whoever keeps the manifest in a repository has no folder that outlives the run: the record goes to the forge as well. */
function storeOf({ repository }: Place, { register }: SystemTools): System['store'] {
  if (repository === undefined || register === undefined) return undefined
  return createRegisterRolloutStore(register.registers, register.name)
}

function noForge(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-461',
    where: `${where}.repository`,
    what: 'there is no forge here to make commits in.',
    fix: 'Give a github-token with contents: write, or name a file of this machine.',
  })
}
