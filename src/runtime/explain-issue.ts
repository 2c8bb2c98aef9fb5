import type * as z from 'zod'
import { type ConfigFile, unknownKey } from '../config/file.js'
import { formatPath, keysAt, nearest } from '../config/problems.js'
import type { Problem } from '../errors.js'
import type { ActionContract } from './contract.js'

/** What was checked, and where it came from. */
interface Asked {
  readonly contract: ActionContract
  /** The values of the inputs that were given: they stand before the file's. */
  readonly inputs: Readonly<Record<string, unknown>>
  readonly config: ConfigFile | undefined
  /** What the configuration file is called, whether it is there or not. */
  readonly shownAs: string
  readonly value: unknown
}

/** What zod found, at the place where the user wrote it or would have to. */
export function explainIssue(issue: z.core.$ZodIssue, asked: Asked): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(asked.contract.settings, issue.path)
    return issue.keys.map((key) =>
      unknownKey({ key, known, where: place([...issue.path, key], asked) }),
    )
  }
  const kinds = kindsOf(issue)
  const given = givenAt(issue, kinds, asked)
  // A union says only that nothing fits; of what is not there, that is known.
  const missing =
    given === undefined && ['invalid_type', 'invalid_union', 'invalid_value'].includes(issue.code)
  const where = place(issue.path, asked)
  const name = formatPath(issue.path)
  if (missing) {
    const what = `${name} is required but not set.`
    return [{ code: 'MW-CONFIG-006', where, what, fix: howToSet(issue.path, kinds, asked) }]
  }
  const said = kinds === undefined ? issue.message : `is none of: ${kinds.join(', ')}`
  const fix = suggestValue(issue, kinds, given)
  return [{ code: 'MW-CONFIG-007', where, what: `${name} ${said}.`, fix }]
}

/** The values of the key that tells several kinds of maps apart, where that is the problem. */
function kindsOf(issue: z.core.$ZodIssue): readonly string[] | undefined {
  if (issue.code !== 'invalid_union') return undefined
  const { options } = issue as { readonly options?: unknown }
  if (!Array.isArray(options)) return undefined
  return options.filter((option) => typeof option === 'string')
}

/** The value in question; a word in a map's place stands for a map of that kind. */
function givenAt(
  { path }: z.core.$ZodIssue,
  kinds: readonly string[] | undefined,
  { value }: Asked,
): unknown {
  const parent = kinds === undefined ? undefined : valueAt(value, path.slice(0, -1))
  return typeof parent === 'string' ? parent : valueAt(value, path)
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key))
      return undefined
    current = Reflect.get(current, key)
  }
  return current
}

function howToSet(
  path: readonly PropertyKey[],
  kinds: readonly string[] | undefined,
  { contract, inputs, shownAs }: Asked,
): string {
  const name = formatPath(path)
  const to = kinds === undefined ? '' : ` to one of: ${kinds.join(', ')}`
  const [first] = path
  if (first !== undefined && Object.hasOwn(inputs, first))
    return `Set ${name} in the input ${String(first)}${to}.`
  const settable = path.length === 1 && Object.hasOwn(contract.inputs, name)
  const input = settable ? ` or give the input ${name}` : ''
  return `Set ${contract.section}.${name} in ${shownAs}${input}${to}.`
}

function suggestValue(
  issue: z.core.$ZodIssue,
  kinds: readonly string[] | undefined,
  given: unknown,
): string | undefined {
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : kinds
  if (values === undefined || typeof given !== 'string') return undefined
  const suggestion = nearest(given, values)
  return suggestion === undefined ? undefined : `Did you mean ${JSON.stringify(suggestion)}?`
}

/** `input rules` or `modelway.yml:12:5`. */
function place(path: readonly PropertyKey[], { inputs, config, contract }: Asked): string {
  const [first] = path
  if (first !== undefined && Object.hasOwn(inputs, first)) return `input ${String(first)}`
  return config?.locate([contract.section, ...path]) ?? contract.section
}
