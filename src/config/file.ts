import { readFileSync } from 'node:fs'
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { type Problem, UserError } from '../errors.js'
import { hasCode } from '../files/errno.js'
import { formatPath, suggestKey, unusable } from './problems.js'

export const sectionNames = ['data', 'train', 'gate', 'registry', 'deploy', 'drift'] as const
export type SectionName = (typeof sectionNames)[number]

/** A modelway.yml, read but not yet checked beyond its outermost keys. */
export interface ConfigFile {
  readonly shownAs: string
  readonly project: string | undefined
  /** The section, empty where there is none; undefined where `problems` says why it cannot be told. */
  section(name: SectionName): Readonly<Record<string, unknown>> | undefined
  /** Whether the section is written, be it empty. */
  has(name: SectionName): boolean
  /** `modelway.yml:12:5` of the value at a path, or of its nearest parent that is there. */
  locate(path: readonly PropertyKey[]): string
}

/** Reads modelway.yml; every problem that its outermost level has is in `problems`. */
export function readConfigFile(
  path: string,
  shownAs: string,
): { readonly file: ConfigFile; readonly problems: readonly Problem[] } | undefined {
  const text = readIfPresent(path, shownAs)
  return text === undefined ? undefined : parseConfigFile(text, shownAs)
}

/** A modelway.yml from elsewhere than the file system: of another commit, say. */
export function parseConfigFile(
  text: string,
  shownAs: string,
): { readonly file: ConfigFile; readonly problems: readonly Problem[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' })
  const at = (offset: number | undefined): string => {
    if (offset === undefined) return shownAs
    const { line, col } = lines.linePos(offset)
    return `${shownAs}:${line}:${col}`
  }
  const locate = (keys: readonly PropertyKey[]): string => at(offsetOf(document.contents, keys))
  const problems: Problem[] = document.errors.map((error) => ({
    code: 'MW-CONFIG-002',
    where: at(error.pos[0]),
    what: `is not valid YAML: ${error.message}.`,
  }))
  const content = problems.length === 0 ? toValue(document, problems, shownAs) : undefined
  const root = content === null ? {} : content
  if (!isRecord(root)) {
    if (problems.length === 0) {
      problems.push({ code: 'MW-CONFIG-003', where: shownAs, what: 'must be a map of sections.' })
    }
    return { file: createFile(undefined, shownAs, locate), problems }
  }
  problems.push(...checkOutermost(root, locate), ...findBadText(root, locate))
  return { file: createFile(root, shownAs, locate), problems }
}

/** Aliases are resolved only here, and may be too many or lead nowhere. */
function toValue(document: Document.Parsed, problems: Problem[], shownAs: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    problems.push({
      code: 'MW-CONFIG-002',
      where: shownAs,
      what: `is not valid YAML: ${reason}.`,
    })
    return undefined
  }
}

function findBadText(
  root: Readonly<Record<string, unknown>>,
  locate: ConfigFile['locate'],
): readonly Problem[] {
  return unusable(root).map(({ path, what }) => ({
    code: 'MW-CONFIG-004',
    where: locate(path),
    what,
  }))
}

function createFile(
  root: Readonly<Record<string, unknown>> | undefined,
  shownAs: string,
  locate: ConfigFile['locate'],
): ConfigFile {
  const project = root?.['project']
  return {
    shownAs,
    project: typeof project === 'string' ? project : undefined,
    section: (name) => {
      const section = root === undefined ? undefined : (root[name] ?? {})
      return isRecord(section) ? section : undefined
    },
    has: (name) => root !== undefined && Object.hasOwn(root, name),
    locate,
  }
}

function checkOutermost(
  root: Readonly<Record<string, unknown>>,
  locate: ConfigFile['locate'],
): readonly Problem[] {
  const known = ['project', ...sectionNames]
  const problems: Problem[] = []
  for (const [key, value] of Object.entries(root)) {
    const where = locate([key])
    if (!known.includes(key)) problems.push(unknownKey({ key, known, where }))
    else if (key === 'project') problems.push(...checkProject(value, where))
    else if (value !== null && !isRecord(value)) {
      problems.push({ code: 'MW-CONFIG-004', where, what: `${formatPath([key])} must be a map.` })
    }
  }
  return problems
}

function checkProject(value: unknown, where: string): readonly Problem[] {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 100) return []
  return [{ code: 'MW-CONFIG-004', where, what: 'project must be a name of 1 to 100 characters.' }]
}

/** The problem of a key that nobody knows, with the key that was probably meant. */
export function unknownKey(options: {
  readonly key: string
  readonly known: readonly string[]
  readonly where: string
}): Problem {
  return {
    code: 'MW-CONFIG-005',
    where: options.where,
    what: `unknown key ${JSON.stringify(options.key)}.`,
    fix: suggestKey(options.key, options.known),
  }
}

function readIfPresent(path: string, shownAs: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(
      { code: 'MW-CONFIG-008', where: shownAs, what: `cannot be read: ${reason}.` },
      { cause: error },
    )
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function offsetOf(root: unknown, keys: readonly PropertyKey[]): number | undefined {
  let node = root
  let offset: number | undefined
  for (const key of keys) {
    const found = child(node, key)
    if (found === undefined) break
    offset = found.offset ?? offset
    node = found.node
  }
  return offset
}

function child(
  node: unknown,
  key: PropertyKey,
): { readonly node: unknown; readonly offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isScalar(item.key) && String(item.key.value) === String(key),
    )
    if (pair === undefined) return undefined
    return { node: pair.value, offset: isScalar(pair.key) ? pair.key.range?.[0] : undefined }
  }
  if (!isRecord(node) || !('items' in node) || !Array.isArray(node['items'])) return undefined
  const item: unknown = node['items'][Number(key)]
  if (!isRecord(item)) return undefined
  const range = item['range']
  return {
    node: item,
    offset: Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined,
  }
}
