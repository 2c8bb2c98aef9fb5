import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  parseDocument,
  Scalar,
} from 'yaml'
import type { Step } from '../../../domain/gitops/path.js'
import { manifestProblems } from './problems.js'

export interface ManifestText {
  readonly file: string
  readonly text: string
  readonly documents: readonly Document[]
}

/** A value in a file: where its text stands, and what it means. */
export interface Place {
  readonly title: string
  readonly document: number
  readonly keys: readonly (string | number)[]
  readonly start: number
  readonly end: number
  readonly type: Scalar.Type | undefined
  readonly value: string | number
}

export interface Edit {
  readonly place: Place
  readonly value: string | number
}

/** Throws UserError for what is no YAML, or has a key twice. */
export function parseManifest(file: string, text: string): ManifestText {
  const parsed = parseAllDocuments(text, { uniqueKeys: true })
  const documents: readonly Document[] = 'empty' in parsed ? [] : parsed
  const problem = documents.flatMap(({ errors }) => errors)[0]
  if (problem !== undefined) {
    throw manifestProblems.noYaml(file, problem.message.split('\n', 1)[0] ?? '')
  }
  for (const document of documents) meaningOf(document, file)
  return { file, text, documents }
}

/** Plain data, each alias a copy of its own. */
function meaningOf(document: Document, file: string): unknown {
  try {
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 }) ?? null))
  } catch (error) {
    throw manifestProblems.noYaml(file, error instanceof Error ? error.message : String(error))
  }
}

export interface Selector {
  readonly kind?: string | undefined
  readonly name?: string | undefined
  readonly namespace?: string | undefined
}

/** The number of the one document that is meant; of a file with one document that one. */
export function selectDocument(manifest: ManifestText, selector: Selector): number {
  const { kind, name, namespace } = selector
  const fits = (document: Document) =>
    isMap(document.contents) &&
    (kind === undefined || document.get('kind') === kind) &&
    (name === undefined || document.getIn(['metadata', 'name']) === name) &&
    (namespace === undefined || document.getIn(['metadata', 'namespace']) === namespace)
  const found = manifest.documents.flatMap((document, i) => (fits(document) ? [i] : []))
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const wanted = [kind ?? 'objects', name, namespace && `in ${namespace}`]
  throw manifestProblems.noDocument(manifest.file, wanted.filter(Boolean).join(' '), found.length)
}

export interface Cursor {
  readonly manifest: ManifestText
  readonly document: number
  readonly node: unknown
  readonly keys: readonly (string | number)[]
}

export function rootOf(manifest: ManifestText, document: number): Cursor {
  return { manifest, document, node: manifest.documents[document]?.contents, keys: [] }
}

export function titleOf({ manifest, keys }: Pick<Cursor, 'manifest' | 'keys'>): string {
  const path = keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')
  return `${manifest.file}: ${path.replace(/^\./, '') || 'the document'}`
}

/** One step down; undefined where nothing is there. Throws UserError where an anchor or an alias is on the way. */
export function stepInto(from: Cursor, step: Step): Cursor | undefined {
  refuseShared(from)
  const { node } = from
  const to = (key: string | number, next: unknown): Cursor => {
    const cursor = { ...from, node: next, keys: [...from.keys, key] }
    refuseShared(cursor)
    return cursor
  }
  if ('key' in step) {
    const pair = isMap(node) ? node.items.find(({ key }) => keyText(key) === step.key) : undefined
    return pair === undefined ? undefined : to(step.key, pair.value)
  }
  if (!isSeq(node)) return undefined
  if ('index' in step) {
    return step.index < node.items.length ? to(step.index, node.items[step.index]) : undefined
  }
  const found = node.items.flatMap((item, i) =>
    isMap(item) && String(item.get(step.where)) === step.is ? [i] : [],
  )
  const [only] = found
  if (found.length > 1) throw manifestProblems.several(`${titleOf(from)}[${step.where}=${step.is}]`)
  return only === undefined ? undefined : to(only, node.items[only])
}

function keyText(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined
}

function refuseShared(cursor: Cursor): void {
  const { node } = cursor
  if (isAlias(node)) throw manifestProblems.notPlain(titleOf(cursor), 'it is an alias')
  const anchor = (node as (Node & { anchor?: string | undefined }) | null | undefined)?.anchor
  if (anchor !== undefined) throw manifestProblems.notPlain(titleOf(cursor), 'it has an anchor')
}

export function walk(from: Cursor, steps: readonly Step[]): Cursor | undefined {
  let cursor: Cursor | undefined = from
  for (const step of steps) cursor = cursor && stepInto(cursor, step)
  return cursor
}

/** The items of a list; none where there is no list. */
export function itemsOf(cursor: Cursor | undefined): readonly Cursor[] {
  if (cursor === undefined || !isSeq(cursor.node)) return []
  return cursor.node.items.flatMap((_item, index) => stepInto(cursor, { index }) ?? [])
}

/** The text or number at a cursor. */
export function placeOf(cursor: Cursor): Place {
  const title = titleOf(cursor)
  const { node, manifest, document, keys } = cursor
  if (!isScalar(node) || node.range == null) {
    throw manifestProblems.notPlain(title, 'it is no text and no number')
  }
  const [start, end] = node.range
  const { value, type, tag } = node
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw manifestProblems.notPlain(title, 'it is no text and no number')
  }
  if (tag !== undefined) throw manifestProblems.notPlain(title, 'it has a tag')
  if (manifest.text.slice(start, end).includes('\n') || start === end) {
    throw manifestProblems.notPlain(title, 'it does not stand on one line')
  }
  return { title, document, keys, start, end, type: type as Scalar.Type | undefined, value }
}

/**
 * Puts values in their places and touches no other character. What comes out is read again, and must mean what was there before but
 * for these values.
 */
export function splice(manifest: ManifestText, edits: readonly Edit[]): string {
  const due = edits.filter(({ place, value }) => place.value !== value)
  let text = manifest.text
  for (const { place, value } of due.toSorted((a, b) => b.place.start - a.place.start)) {
    text = text.slice(0, place.start) + written(place, value) + text.slice(place.end)
  }
  requireMeaning(manifest, text, due)
  return text
}

function written({ type, value: before }: Place, value: string | number): string {
  if (type === Scalar.QUOTE_DOUBLE) return JSON.stringify(String(value))
  if (type === Scalar.QUOTE_SINGLE) return `'${String(value).replaceAll("'", "''")}'`
  // A text that a reader of YAML 1.1, as Kubernetes has one, takes for a number or a truth value needs quotes.
  if (typeof value === 'string') return isPlainText(value) ? value : JSON.stringify(value)
  return typeof before === 'string' ? JSON.stringify(String(value)) : String(value)
}

function isPlainText(value: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9._/@+:-]*$/.test(value) &&
    (['1.1', '1.2'] as const).every((version) => parseDocument(value, { version }).toJS() === value)
  )
}

function requireMeaning(manifest: ManifestText, text: string, edits: readonly Edit[]): void {
  const wanted = manifest.documents.map((document) => meaningOf(document, manifest.file))
  for (const { place, value } of edits) {
    const isText = place.type !== Scalar.PLAIN || typeof place.value === 'string'
    setAt(wanted[place.document], place.keys, isText ? String(value) : value)
  }
  const parsed = parseAllDocuments(text)
  const now = ('empty' in parsed ? [] : parsed).map((document: Document) =>
    document.errors.length > 0 ? undefined : meaningOf(document, manifest.file),
  )
  if (JSON.stringify(now) !== JSON.stringify(wanted)) throw manifestProblems.unsafe(manifest.file)
}

function setAt(root: unknown, keys: readonly (string | number)[], value: string | number): void {
  let current = root as Record<string | number, unknown>
  for (const key of keys.slice(0, -1)) current = current[key] as Record<string | number, unknown>
  const last = keys.at(-1)
  if (last !== undefined) current[last] = value
}
