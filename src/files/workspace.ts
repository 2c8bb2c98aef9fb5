import { lstatSync, realpathSync, statSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { UserError } from '../errors.js'

/**
 * The user's working directory. Every path that a user, a configuration or an artifact names goes through
 * here, so that none of them can read or write outside of it, not through `..` and not through a link.
 */
export interface Workspace {
  /** The absolute path of the working directory, with links resolved. */
  readonly root: string
  /** The absolute path of a file inside; throws MW-PATH-001 when it leads outside. It need not exist. */
  resolve(path: string, where: string): string
  /** How a path is written in statements: relative to the root, with `/`. */
  relative(absolute: string): string
  /**
   * The files that a path names: itself, or everything below a folder, sorted by name; MW-PATH-002 if absent. Links
   * to files inside count as files; one that leads outside or to a folder is refused, since it could hide a change.
   */
  files(path: string, where: string): Promise<readonly string[]>
  /** The files that glob patterns name, sorted; MW-PATH-003 when a pattern matches nothing. */
  glob(patterns: readonly string[], where: string): Promise<readonly string[]>
}

export function createWorkspace(directory: string): Workspace {
  const root = realFolder(directory)
  const workspace: Workspace = {
    root,
    resolve: (path, where) => resolveInside(root, path, where),
    relative: (absolute) => relative(root, absolute).split(sep).join('/'),
    files: async (path, where) => listFiles(workspace, path, where),
    glob: (patterns, where) => globFiles(workspace, patterns, where),
  }
  return workspace
}

function realFolder(directory: string): string {
  try {
    const root = realpathSync(resolve(directory))
    if (statSync(root).isDirectory()) return root
  } catch {
    // Said below, like every other reason for which this is no folder.
  }
  throw new UserError({
    code: 'MW-PATH-005',
    where: 'input working-directory',
    what: `${JSON.stringify(directory)} is not a folder.`,
    fix: 'Name the folder that holds modelway.yml.',
  })
}

function resolveInside(root: string, path: string, where: string): string {
  const target = path.includes('\0') ? undefined : asWritten(root, path)
  if (target === undefined || !isInside(root, target) || !isInside(root, nearestReal(target))) {
    throw new UserError({
      code: 'MW-PATH-001',
      where,
      what: `the path ${JSON.stringify(path)} leads outside of the working directory.`,
      fix: 'Name a file below the working directory.',
    })
  }
  return target
}

/** A path written on Windows means the same here, unless there is a file whose name has a backslash in it. */
function asWritten(root: string, path: string): string {
  const literal = resolve(root, path)
  if (sep !== '/' || !path.includes('\\')) return literal
  const exists = lstatSync(literal, { throwIfNoEntry: false }) !== undefined
  return exists ? literal : resolve(root, path.replaceAll('\\', '/'))
}

function isInside(root: string, target: string): boolean {
  const path = relative(root, target)
  return path === '' || !(path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path))
}

/** The real path of the deepest part that exists, joined with the rest. */
function nearestReal(target: string): string {
  let existing = target
  const rest: string[] = []
  for (;;) {
    try {
      return join(realpathSync(existing), ...rest)
    } catch {
      // A dangling link would be created through: what it points to counts.
      if (isLink(existing)) return join(sep, 'outside')
      const parent = resolve(existing, '..')
      if (parent === existing) return target
      rest.unshift(relative(parent, existing))
      existing = parent
    }
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

async function listFiles(
  workspace: Workspace,
  shown: string,
  where: string,
): Promise<readonly string[]> {
  const absolute = workspace.resolve(shown, where)
  const info = await stat(absolute).catch(() => undefined)
  if (info === undefined) {
    throw new UserError({
      code: 'MW-PATH-002',
      where,
      what: `${JSON.stringify(shown)} does not exist.`,
      fix: 'Check the path, and that the step which makes it ran before this one.',
    })
  }
  if (!info.isDirectory()) return [absolute]
  const entries = await readdir(absolute, { recursive: true, withFileTypes: true })
  const files: string[] = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) await requireFile(workspace, path, where)
    if (entry.isFile() || entry.isSymbolicLink()) files.push(path)
  }
  return files.sort(byBytes)
}

async function requireFile(workspace: Workspace, path: string, where: string): Promise<void> {
  const info = await stat(workspace.resolve(path, where))
  if (info.isFile()) return
  throw new UserError({
    code: 'MW-PATH-004',
    where,
    what: `${JSON.stringify(workspace.relative(path))} is a link to a folder, which is not followed.`,
    fix: 'Name the folder itself, or put the files where the link is.',
  })
}

async function globFiles(
  workspace: Workspace,
  patterns: readonly string[],
  where: string,
): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby')
  const found = new Set<string>()
  for (const pattern of patterns) {
    const literal = await literalFile(workspace, pattern, where)
    const matches =
      literal ?? (await glob(pattern, { cwd: workspace.root, dot: true, absolute: true }))
    for (const match of matches) found.add(workspace.resolve(match, where))
    if (matches.length === 0) {
      throw new UserError({
        code: 'MW-PATH-003',
        where,
        what: `no file matches ${JSON.stringify(pattern)}.`,
        fix: 'Check the path, and that the step which makes it ran before this one.',
      })
    }
  }
  return [...found].sort(byBytes)
}

/** A name that exists is taken literally, so that `data[1].csv` needs no escaping. */
async function literalFile(
  workspace: Workspace,
  pattern: string,
  where: string,
): Promise<readonly string[] | undefined> {
  const path = workspace.resolve(pattern, where)
  const info = await stat(path).catch(() => undefined)
  return info?.isFile() === true ? [path] : undefined
}

/** The same order on every machine and locale. */
export function byBytes(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
