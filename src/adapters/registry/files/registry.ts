import { createHash } from 'node:crypto'
import { join, resolve, sep } from 'node:path'
import { UserError } from '../../../errors.js'
import { writeFilesAtomically } from '../../../files/atomic.js'
import type {
  ModelRegistry,
  RegisteredVersion,
  RegisterRequest,
  Stage,
  VersionReference,
} from '../../../ports/registry.js'
import {
  formatIndex,
  type IndexedVersion,
  indexPath,
  type ModelIndex,
  parseIndex,
} from './index-file.js'
import type { Store, StoreChange, StoreFile } from './store.js'

interface Options {
  readonly store: Store
  readonly location: string
  readonly now: () => Date
}

/** The registry's rules over a store of files. */
export function createStoredRegistry(options: Options): ModelRegistry {
  const { store, location } = options
  const readIndex = async (name: string, read: Store['read']): Promise<ModelIndex> =>
    parseIndex(name, await read(indexPath(name)))
  return {
    find: async (name, reference) => {
      const index = await readIndex(name, store.read)
      const found = findVersion(index, reference)
      return found === undefined ? undefined : describe(index, found, location)
    },
    register: (request) =>
      store.update(async (read) => register(await readIndex(request.name, read), request, options)),
    point: (name, version, to) =>
      store.update(async (read) =>
        point(await readIndex(name, read), version, { ...to, location }),
      ),
    download: (version, folder) => download(store, version, folder),
    attachment: (version, name) => store.read(`${versionFolder(version)}/${safeName(name)}`),
  }
}

function findVersion(index: ModelIndex, reference: VersionReference): IndexedVersion | undefined {
  if ('stage' in reference) return index.versions.findLast(({ stage }) => stage === reference.stage)
  const version = 'alias' in reference ? index.aliases[reference.alias] : reference.version
  return index.versions.find((candidate) => candidate.version === version)
}

function describe(index: ModelIndex, found: IndexedVersion, location: string): RegisteredVersion {
  const aliases = Object.entries(index.aliases).filter(([, version]) => version === found.version)
  return {
    name: index.name,
    version: found.version,
    digest: found.digest,
    files: found.files,
    aliases: aliases.map(([alias]) => alias).sort(),
    stage: found.stage,
    uri: `files:${location}/${index.name}/${found.version}`,
    lineage: found.lineage,
  }
}

function versionFolder({
  name,
  version,
}: {
  readonly name: string
  readonly version: string
}): string {
  return `${name}/versions/${version}`
}

type Registered = { readonly version: RegisteredVersion; readonly created: boolean }

function register(
  index: ModelIndex,
  request: RegisterRequest,
  { location, now }: Options,
): StoreChange<Registered> {
  const existing = index.versions.find(({ digest }) => digest === request.digest)
  const entry: IndexedVersion = existing ?? {
    version: nextVersion(index),
    digest: request.digest,
    files: request.files.map(({ name, sha256 }) => ({ name: safeName(name), sha256 })),
    registeredAt: now().toISOString(),
    lineage: { ...request.lineage },
  }
  const versions = existing === undefined ? [...index.versions, entry] : index.versions
  const next = withPointers({ ...index, versions }, entry.version, request)
  const created = existing === undefined
  const files = created
    ? newFiles(request, versionFolder({ name: index.name, version: entry.version }))
    : []
  const changed = JSON.stringify(next) !== JSON.stringify(index)
  const stored = next.versions.find(({ version }) => version === entry.version) ?? entry
  return {
    result: { version: describe(next, stored, location), created },
    files: changed ? [...files, { path: indexPath(index.name), content: formatIndex(next) }] : [],
    message: `${created ? 'Register' : 'Point to'} ${index.name} ${entry.version}`,
  }
}

function nextVersion({ versions }: ModelIndex): string {
  return String(
    versions.reduce((greatest, { version }) => Math.max(greatest, Number(version)), 0) + 1,
  )
}

function newFiles(request: RegisterRequest, folder: string): readonly StoreFile[] {
  return [
    ...request.files.map(({ name, path }) => ({
      path: `${folder}/model/${safeName(name)}`,
      content: { file: path },
    })),
    ...request.attachments.map(({ name, content }) => ({
      path: `${folder}/${safeName(name)}`,
      content,
    })),
  ]
}

interface Pointers {
  readonly aliases?: readonly string[]
  readonly stage?: Stage | undefined
}

/** One version at most is in production: the one that was there is archived. */
function withPointers(
  index: ModelIndex,
  version: string,
  { aliases = [], stage }: Pointers,
): ModelIndex {
  const moved = Object.fromEntries(aliases.map((alias) => [alias, version]))
  const versions = index.versions.map((entry) => {
    if (entry.version === version) return stage === undefined ? entry : { ...entry, stage }
    const replaced = stage === 'production' && entry.stage === 'production'
    return replaced ? { ...entry, stage: 'archived' as const } : entry
  })
  return { ...index, aliases: { ...index.aliases, ...moved }, versions }
}

function point(
  index: ModelIndex,
  version: string,
  to: Pointers & { readonly location: string },
): StoreChange<RegisteredVersion> {
  const found = findVersion(index, { version })
  if (found === undefined) {
    throw new UserError({
      code: 'MW-REGISTRY-002',
      where: indexPath(index.name),
      what: `${index.name} has no version ${JSON.stringify(version)}.`,
      fix: `Known: ${index.versions.map((entry) => entry.version).join(', ') || 'none'}.`,
    })
  }
  const next = withPointers(index, version, to)
  const changed = JSON.stringify(next) !== JSON.stringify(index)
  return {
    result: describe(next, findVersion(next, { version }) ?? found, to.location),
    files: changed ? [{ path: indexPath(index.name), content: formatIndex(next) }] : [],
    message: `Point to ${index.name} ${version}`,
  }
}

/** Names come from statements and the index, which others may have written: none may lead out of its folder. */
function safeName(name: string): string {
  const inside = resolve(sep, name)
  if (
    name !== '' &&
    !name.includes('\0') &&
    inside === resolve(sep, ...name.split('/')) &&
    !name.split(/[\\/]/).includes('..')
  ) {
    return name.replaceAll('\\', '/').replace(/^\/+/, '')
  }
  throw new UserError({
    code: 'MW-REGISTRY-003',
    where: 'registry',
    what: `the file name ${JSON.stringify(name)} leads outside of the version's folder.`,
    fix: 'Give model files names below the working directory.',
  })
}

async function download(
  store: Store,
  version: RegisteredVersion,
  folder: string,
): Promise<readonly string[]> {
  const files: { readonly path: string; readonly content: Uint8Array }[] = []
  for (const { name, sha256 } of version.files) {
    const content = await store.read(`${versionFolder(version)}/model/${safeName(name)}`)
    const found =
      content === undefined ? 'absent' : createHash('sha256').update(content).digest('hex')
    if (content === undefined || found !== sha256) throw damaged(version, name, found)
    files.push({ path: join(folder, safeName(name)), content })
  }
  writeFilesAtomically(files)
  return files.map(({ path }) => path)
}

function damaged(version: RegisteredVersion, name: string, found: string): UserError {
  return new UserError({
    code: 'MW-REGISTRY-004',
    where: version.uri,
    what: `the file ${JSON.stringify(name)} is not the one that was registered: it is ${found}.`,
    fix: 'Restore the registry; a model that was changed in it must not be used.',
  })
}
