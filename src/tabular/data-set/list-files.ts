import { stat } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { UserError } from '../../errors.js'
import { createWorkspace, type Workspace } from '../../files/workspace.js'
import type { DataPath, DataSetOptions, FileFacts } from './data-set-options.js'

export type DataFile = Pick<FileFacts, 'path' | 'name' | 'partition'>

/**
 * What globs, files and folders of a configuration name, for DataSetOptions.paths: of a glob each file that matches, with columns made
 * from the folders below the part that is no pattern. Throws MW-PATH-003 when a pattern matches nothing.
 */
export async function dataPaths(
  workspace: Workspace,
  patterns: readonly string[],
  where: string,
): Promise<readonly DataPath[]> {
  const found: DataPath[] = []
  for (const pattern of patterns) {
    const path = workspace.resolve(pattern, where)
    const info = await stat(path).catch(() => undefined)
    if (info !== undefined) {
      found.push(info.isDirectory() ? { path, base: path } : { path })
      continue
    }
    const base = workspace.resolve(fixedPart(pattern), where)
    const matches = await workspace.glob([pattern], where)
    found.push(
      ...matches.filter((match) => isData(base, match)).map((match) => ({ path: match, base })),
    )
  }
  return found
}

/** The folders of a pattern before the first that is one. */
function fixedPart(pattern: string): string {
  const segments = pattern.split('/')
  const first = segments.findIndex((segment) => /[*?[\]{}()!+@]/.test(segment))
  return segments.slice(0, Math.max(0, first)).join('/') || '.'
}

/** The files of a data set, each once, in reading order. Throws MW-DATA-301 when there are none, MW-PATH-… outside of the root. */
export async function listFiles(options: DataSetOptions): Promise<readonly DataFile[]> {
  const workspace = createWorkspace(options.root)
  const files = new Map<string, DataFile>()
  for (const given of options.paths) {
    const { path, base } = typeof given === 'string' ? { path: given, base: undefined } : given
    for (const file of await filesOf(workspace, { path, base }, options)) {
      if (!files.has(file.path)) files.set(file.path, file)
    }
  }
  if (files.size > 0) return [...files.values()]
  throw new UserError({
    code: 'MW-DATA-301',
    where: options.where,
    what: 'there is no file of data to read.',
    fix: 'Name files, or folders with files in them; names that begin with `_` or `.` are passed over in folders.',
  })
}

async function filesOf(
  workspace: Workspace,
  { path, base }: DataPath,
  { root, where }: DataSetOptions,
): Promise<readonly DataFile[]> {
  const inside = (absolute: string) => workspace.resolve(relative(root, absolute) || '.', where)
  const start = inside(path)
  const found = await workspace.files(relative(root, path) || '.', where)
  const isFolder = !(found.length === 1 && found[0] === start)
  const from = base === undefined ? (isFolder ? start : undefined) : inside(base)
  const kept = isFolder ? found.filter((file) => isData(start, file)) : found
  return kept.map((file) => ({
    path: file,
    name: workspace.relative(file),
    partition: from === undefined ? [] : partitionOf(from, file),
  }))
}

/** Marks of success, checksums and what is not finished begin with `_` or `.`; but `_key=value` is a partition. */
function isData(base: string, file: string): boolean {
  const segments = relative(base, file).split(sep)
  return segments.every((segment) => {
    return !segment.startsWith('.') && (!segment.startsWith('_') || segment.includes('='))
  })
}

const NO_VALUE = '__HIVE_DEFAULT_PARTITION__'

function partitionOf(base: string, file: string): FileFacts['partition'] {
  const folders = relative(base, file).split(sep).slice(0, -1)
  const found = new Map<string, string | undefined>()
  for (const folder of folders) {
    const at = folder.indexOf('=')
    if (at <= 0) continue
    const value = decoded(folder.slice(at + 1))
    found.set(decoded(folder.slice(0, at)), value === NO_VALUE ? undefined : value)
  }
  return [...found]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A `%` that begins no code stands for itself.
    return text
  }
}
