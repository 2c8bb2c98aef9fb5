import type * as z from 'zod'
import { type ConfigFile, unknownKey } from '../config/file.js'
import { formatPath, keysAt, nearest } from '../config/problems.js'
import type { Problem } from '../errors.js'
import type { ActionContract } from './contract.js'
import { fittingIssues, valueAt } from './fitting-issues.js'
import { wordsOfValue } from './value-words.js'

type Issue = z.core.$ZodIssue

/** What was checked, and where it came from. */
interface Asked {
  readonly contract: ActionContract
  /** The schema that was used: the contract's own, or a mode's. */
  readonly schema: z.ZodType
  /** The values of the inputs that were given: they stand before the file's. */
  readonly inputs: Readonly<Record<string, unknown>>
  readonly config: ConfigFile | undefined
  /** What the configuration file is called, whether it is there or not. */
  readonly shownAs: string
  readonly value: unknown
}

/** What zod found, at the places where the user wrote it or would have to, in the order of the file. */
export function explainIssues(issues: readonly Issue[], asked: Asked): readonly Problem[] {
  const found = fittingIssues(issues, asked.value)
  const meant = meantKeys(found, asked)
  const told = found.filter((issue) => !isMissing(issue, asked) || !meant.has(keyOf(issue.path)))
  return told.flatMap((issue) => explainIssue(issue, asked))
}

function explainIssue(issue: Issue, asked: Asked): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path, asked)
    return issue.keys.map((key) =>
      unknownKey({ key, known, where: place([...issue.path, key], asked) }),
    )
  }
  const word = wordAbove(issue.path, asked)
  if (word !== undefined) return [explainWord(issue, word, asked)]
  const where = place(issue.path, asked)
  const name = nameOf(issue.path, asked)
  if (isMissing(issue, asked)) {
    const what = `${formatPath(issue.path)} is required but not set.`
    return [{ code: 'MW-CONFIG-006', where, what, fix: howToSet(issue, asked) }]
  }
  const { said, fix } = wordsOfValue(issue, valueAt(asked.value, issue.path))
  return [{ code: 'MW-CONFIG-007', where, what: `${name}${said}.`, fix }]
}

/** A union says only that nothing fits; of what is not there, that is known. */
export function isMissing(issue: Issue, { value }: Pick<Asked, 'value'>): boolean {
  if (valueAt(value, issue.path) !== undefined) return false
  if (issue.code === 'custom') return issue.params?.['missing'] === true
  return ['invalid_type', 'invalid_union', 'invalid_value'].includes(issue.code)
}

/** The keys that unknown ones most likely stand for: that they are not set says nothing more. */
function meantKeys(issues: readonly Issue[], asked: Asked): ReadonlySet<string> {
  const meant = new Set<string>()
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue
    const known = knownKeys(issue.path, asked)
    for (const key of issue.keys) meant.add(keyOf([...issue.path, nearest(key, known) ?? key]))
  }
  return meant
}

function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String))
}

function knownKeys(path: readonly PropertyKey[], { schema, value }: Asked): readonly string[] {
  return keysAt(schema, path, value)
}

/** The word that was written in place of the map that the path leads into. */
function wordAbove(path: readonly PropertyKey[], { value }: Asked): string | undefined {
  const above = path.length < 2 ? undefined : valueAt(value, path.slice(0, -1))
  return typeof above === 'string' ? above : undefined
}

/** A word alone stands for a map of that kind: there is no such kind, or the kind needs more than a word. */
function explainWord(issue: Issue, word: string, asked: Asked): Problem {
  const path = issue.path.slice(0, -1)
  const where = place(path, asked)
  const name = nameOf(path, asked)
  const key = String(issue.path.at(-1))
  if (issue.code === 'invalid_union') {
    const { said, fix } = wordsOfValue(issue, word)
    return { code: 'MW-CONFIG-007', where, what: `${name}${said}.`, fix }
  }
  return {
    code: 'MW-CONFIG-006',
    where,
    what: `${name}${word} needs ${key}, which a word alone does not say.`,
    fix: `Write { kind: ${word}, ${key}: … } in its place in ${asked.shownAs}.`,
  }
}

function howToSet(issue: Issue, { contract, inputs, shownAs }: Asked): string {
  const { path } = issue
  const name = formatPath(path)
  const { options } = issue as { readonly options?: unknown }
  const to = Array.isArray(options) ? ` to one of: ${options.map(String).join(', ')}` : ''
  const [first] = path
  if (first !== undefined && Object.hasOwn(inputs, first))
    return `Set ${name} in the input ${String(first)}${to}.`
  const settable = path.length === 1 && Object.hasOwn(contract.inputs, name)
  const input = settable ? ` or give the input ${name}` : ''
  return `Set ${contract.section}.${name} in ${shownAs}${input}${to}.`
}

/** The name with its section; nothing of an input that `where` has just named. */
function nameOf(path: readonly PropertyKey[], { inputs, contract }: Asked): string {
  const [first] = path
  const fromInput = first !== undefined && Object.hasOwn(inputs, first)
  if (!fromInput) return `${formatPath([contract.section, ...path])} `
  return path.length === 1 ? '' : `${formatPath(path)} `
}

/** `input rules` or `modelway.yml:12:5`. */
function place(path: readonly PropertyKey[], { inputs, config, contract }: Asked): string {
  const [first] = path
  if (first !== undefined && Object.hasOwn(inputs, first)) return `input ${String(first)}`
  return config?.locate([contract.section, ...path]) ?? contract.section
}
