import type { Manifest } from '../../../config/deploy/gitops.js'
import type { UserError } from '../../../errors.js'
import type { RepositoryWriter, TrackedFile } from '../../../ports/repository-writer.js'
import { type Field, fieldsIn, type Names } from './fields.js'
import type { Stage } from './plan.js'
import { manifestProblems } from './problems.js'
import { type ManifestText, parseManifest, splice } from './yaml-text.js'

/** All manifests of a rollout at one commit. */
export interface Manifests {
  readonly commit: string
  readonly fields: readonly Field[]
  readonly problems: readonly UserError[]
  /** Changes with every write to what a rollout writes, and with nothing else. */
  readonly revision: string
  /** The files that a stage changes, whole. */
  changed(stage: Stage): ReadonlyMap<string, TrackedFile>
}

interface Source {
  readonly writer: RepositoryWriter
  readonly branch: string
  readonly entries: readonly Manifest[]
}

interface OneFile {
  readonly manifest: ManifestText
  readonly mode: string
  readonly fields: readonly Field[]
}

export async function readManifests(
  { writer, branch, entries }: Source,
  commit: string,
  names: Names,
): Promise<Manifests> {
  const files = new Map<string, OneFile>()
  const problems: UserError[] = []
  const said: unknown[] = []
  for (const entry of entries) {
    const { file } = entry
    const known = files.get(file) ?? (await open(writer, { commit, file, branch }))
    const found = fieldsIn(known.manifest, entry, names)
    files.set(file, { ...known, fields: [...known.fields, ...found.fields] })
    problems.push(...found.problems)
    said.push(found.said)
  }
  const fields = [...files.values()].flatMap((one) => one.fields)
  requireOnce(fields)
  return {
    commit,
    fields,
    problems,
    revision: JSON.stringify(said),
    changed: (stage) => changedFiles(files, stage(fields)),
  }
}

async function open(
  writer: RepositoryWriter,
  { commit, file, branch }: { commit: string; file: string; branch: string },
): Promise<OneFile> {
  const tracked = await writer.read(commit, file)
  if (tracked === undefined) throw manifestProblems.noFile(file, branch)
  return { manifest: parseManifest(file, tracked.text), mode: tracked.mode, fields: [] }
}

function changedFiles(
  files: ReadonlyMap<string, OneFile>,
  edits: ReturnType<Stage>,
): ReadonlyMap<string, TrackedFile> {
  const changed = new Map<string, TrackedFile>()
  for (const [path, { manifest, mode, fields }] of files) {
    const places = new Set(fields.map(({ place }) => place))
    const own = edits.filter(({ place }) => places.has(place))
    const text = splice(manifest, own)
    if (text !== manifest.text) changed.set(path, { text, mode })
  }
  return changed
}

/** Two entries for one value would be written one into the other. */
function requireOnce(fields: readonly Field[]): void {
  const seen = new Set<string>()
  for (const { place } of fields) {
    const key = JSON.stringify([place.document, place.title])
    if (seen.has(key)) throw manifestProblems.several(place.title)
    seen.add(key)
  }
}
