import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { RegistryName } from '../../../config/registry.js'
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
  const readIndex = async (name: string, read: Store['read']): Promise<ModelIndex> => {
    requireName(name)
    return parseIndex(name, await read(indexPath(name)))
  }
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
    attachment: async (version, name) => {
      const index = await readIndex(version.name, store.read)
      const listed = findVersion(index, version)?.attachments.find((one) => one.name === name)
      if (listed === undefined) return undefined
      return readVerified(store, version, { ...listed, folder: '' })
    },
  }
}

/** It becomes a folder: names come from settings that check them, but also from text such as `registry:name`. */
function requireName(name: string): void {
  if (RegistryName.safeParse(name).success) return
  throw new UserError({
    code: 'MW-REGISTRY-009',
    where: 'registry.name',
    what: `${JSON.stringify(name)} is not the name of a model.`,
    fix: 'A name is 1 to 100 letters, digits, dots, dashes or underscores, and begins with a letter or digit.',
  })
}

function findVersion(index: ModelIndex, reference: VersionReference): IndexedVersion | undefined {
  // The number first: a whole version, which also has a stage, names itself.
  if (!('version' in reference) && 'stage' in reference)
    return index.versions.findLast(({ stage }) => stage === reference.stage)
  const version = 'version' in reference ? reference.version : index.aliases[reference.alias]
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
    registeredAt: new Date(found.registeredAt),
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
    attachments: request.attachments.map(({ name, content }) => ({
      name: safeName(name),
      sha256: sha256Of(content),
    })),
    registeredAt: now().toISOString(),
    lineage: { ...request.lineage },
  }
  const versions = existing === undefined ? [...index.versions, entry] : index.versions
  const next = withPointers({ ...index, versions }, entry.version, request)
  const created = existing === undefined
  const folder = versionFolder({ name: index.name, version: entry.version })
  const files = created ? newFiles(request, folder) : []
  const changed = JSON.stringify(next) !== JSON.stringify(index)
  const stored = next.versions.find(({ version }) => version === entry.version) ?? entry
  return {
    result: { version: describe(next, stored, location), created },
    files: changed ? [...files, { path: indexPath(index.name), content: formatIndex(next) }] : [],
    message: `${created ? 'Register' : 'Point to'} ${index.name} ${entry.version}`,
    newFolder: created ? folder : undefined,
  }
}

function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function nextVersion({ versions }: ModelIndex): string {
  return String(
    versions.reduce((greatest, { version }) => Math.max(greatest, Number(version)), 0) + 1,
  )
}

function newFiles(request: RegisterRequest, folder: string): readonly StoreFile[] {
  return [
    ...request.files.map(({ name, path, sha256 }) => ({
      path: `${folder}/model/${safeName(name)}`,
      content: { file: path, sha256 },
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
  const parts = name.split(/[\\/]/)
  if (!name.includes('\0') && parts.every((part) => part !== '' && part !== '.' && part !== '..'))
    return parts.join('/')
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
  for (const file of version.files) {
    const content = await readVerified(store, version, { ...file, folder: 'model/' })
    files.push({ path: join(folder, safeName(file.name)), content })
  }
  writeFilesAtomically(files)
  return files.map(({ path }) => path)
}

interface Listed {
  readonly name: string
  readonly sha256: string
  readonly folder: string
}

/** A file of a version as it was registered, or MW-REGISTRY-004. */
async function readVerified(
  store: Store,
  version: RegisteredVersion,
  { name, sha256, folder }: Listed,
): Promise<Uint8Array> {
  const content = await store.read(`${versionFolder(version)}/${folder}${safeName(name)}`)
  const found = content === undefined ? 'absent' : sha256Of(content)
  if (content === undefined || found !== sha256) throw damaged(version, name, found)
  return content
}

function damaged(version: RegisteredVersion, name: string, found: string): UserError {
  return new UserError({
    code: 'MW-REGISTRY-004',
    where: version.uri,
    what: `the file ${JSON.stringify(name)} is not the one that was registered: it is ${found}.`,
    fix: 'Restore the registry; a model that was changed in it must not be used.',
  })
}
