import { isAbsolute, join, resolve } from 'node:path'
import * as YAML from 'yaml'
import * as z from 'zod'
import { type ConfigFile, readConfigFile, unknownKey } from '../config/file.js'
import { formatPath, keysAt, nearest } from '../config/problems.js'
import { type Problem, UserError } from '../errors.js'
import { type ActionContract, commonInputs, type InputSpec } from './contract.js'

/** The values of the inputs that all actions have. */
export interface CommonSettings {
  readonly workingDirectory: string
  readonly statements: string
  readonly comment: 'auto' | 'always' | 'off'
  readonly dryRun: boolean
  readonly project: string | undefined
}

export interface LoadedSettings<T> {
  readonly common: CommonSettings
  readonly settings: T
  /** Another action's section of modelway.yml, unchecked; empty where there is none. */
  readonly section: ConfigFile['section']
}

type ReadInput = (name: string) => string | undefined

/**
 * The settings of one action: its section of modelway.yml, overridden by its inputs, checked against its
 * schema. All problems of both are reported in one UserError.
 */
export function loadSettings<S extends z.ZodType>(
  contract: ActionContract<S>,
  readInput: ReadInput,
  cwd: string,
): LoadedSettings<z.output<S>> {
  const problems: Problem[] = []
  const common = readCommon(readInput, cwd, problems)
  const config = findConfig(readInput('config'), common.workingDirectory, problems)
  const inputs = readInputs(contract.inputs, readInput, problems)
  const parsed = contract.settings.safeParse({ ...config?.section(contract.section), ...inputs })
  if (!parsed.success) {
    if (config === undefined && problems.length === 0) {
      problems.push(
        noConfig(commonInputs.config.default, 'Write one, or set the inputs named below.'),
      )
    }
    for (const issue of parsed.error.issues) {
      problems.push(...describeIssue(issue, { contract, inputs, config }))
    }
  }
  if (problems.length > 0 || !parsed.success) throw new UserError(problems)
  return {
    common: { ...common, project: config?.project },
    settings: parsed.data,
    section: (name) => config?.section(name) ?? {},
  }
}

/** The configuration file; that there is none is a problem only when the user named it. */
function findConfig(
  input: string | undefined,
  directory: string,
  problems: Problem[],
): ConfigFile | undefined {
  const shownAs = input ?? commonInputs.config.default
  const found = readConfigFile(isAbsolute(shownAs) ? shownAs : join(directory, shownAs), shownAs)
  if (found !== undefined) problems.push(...found.problems)
  else if (shownAs !== commonInputs.config.default) {
    problems.push(noConfig(shownAs, 'Check the input config.'))
  }
  return found?.file
}

function noConfig(shownAs: string, fix: string): Problem {
  return {
    code: 'MW-CONFIG-001',
    where: shownAs,
    what: 'there is no such configuration file.',
    fix,
  }
}

const Comment = z.enum(['auto', 'always', 'off'])

function readCommon(
  readInput: ReadInput,
  cwd: string,
  problems: Problem[],
): Omit<CommonSettings, 'project'> {
  const text = (name: keyof typeof commonInputs): string =>
    readInput(name) ?? commonInputs[name].default
  const comment = Comment.safeParse(text('comment'))
  if (!comment.success) problems.push(badInput('comment', 'must be auto, always or off.'))
  const dryRun = text('dry-run')
  if (!isBoolean(dryRun)) problems.push(badInput('dry-run', 'must be true or false.'))
  return {
    workingDirectory: resolve(cwd, text('working-directory')),
    statements: text('statements'),
    comment: comment.data ?? 'auto',
    dryRun: dryRun === 'true',
  }
}

function isBoolean(text: string): boolean {
  return text === 'true' || text === 'false'
}

function badInput(name: string, what: string): Problem {
  return { code: 'MW-INPUT-001', where: `input ${name}`, what }
}

function readInputs(
  specs: Readonly<Record<string, InputSpec>>,
  readInput: ReadInput,
  problems: Problem[],
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const [name, spec] of Object.entries(specs)) {
    const text = readInput(name)
    if (text === undefined) continue
    const value = parseInput(spec, text)
    if ('problem' in value) problems.push(badInput(name, value.problem))
    else values[name] = value.value
  }
  return values
}

function parseInput(
  spec: InputSpec,
  text: string,
): { readonly value: unknown } | { readonly problem: string } {
  switch (spec.kind) {
    case 'text':
      return { value: text.trim() }
    case 'list':
      return {
        value: text
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
      }
    case 'number':
      return parseNumber(text.trim())
    case 'boolean':
      if (isBoolean(text.trim())) return { value: text.trim() === 'true' }
      return { problem: `must be true or false, not ${JSON.stringify(text.trim())}.` }
    case 'yaml':
      return parseYaml(text)
  }
}

function parseNumber(text: string): { readonly value: number } | { readonly problem: string } {
  const value = Number(text)
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) && Number.isFinite(value)) return { value }
  return { problem: `must be a number, not ${JSON.stringify(text)}.` }
}

function parseYaml(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: YAML.parse(text, { version: '1.2', maxAliasCount: 100, prettyErrors: true }) }
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return { problem: `is not valid YAML: ${reason}` }
  }
}

interface Explain {
  readonly contract: ActionContract
  readonly inputs: Readonly<Record<string, unknown>>
  readonly config: ConfigFile | undefined
}

function describeIssue(issue: z.core.$ZodIssue, explain: Explain): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(explain.contract.settings, issue.path)
    return issue.keys.map((key) =>
      unknownKey({ key, known, where: place([...issue.path, key], explain) }),
    )
  }
  const [first] = issue.path
  const missing =
    issue.code === 'invalid_type' &&
    issue.input === undefined &&
    /received undefined/.test(issue.message)
  const what = missing ? 'is required but not set.' : `${issue.message}.`
  const name = formatPath(issue.path)
  const settable = first !== undefined && String(first) in explain.contract.inputs
  const fix = missing ? howToSet(name, explain.contract.section, settable) : suggestValue(issue)
  return [
    {
      code: missing ? 'MW-CONFIG-006' : 'MW-CONFIG-007',
      where: place(issue.path, explain),
      what: `${name} ${what}`,
      fix,
    },
  ]
}

function howToSet(name: string, section: string, settable: boolean): string {
  const input = settable ? ` or give the input ${name}` : ''
  return `Set ${section}.${name} in modelway.yml${input}.`
}

function suggestValue(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') return undefined
  const suggestion = nearest(issue.input, issue.values.map(String))
  return suggestion === undefined ? undefined : `Did you mean ${JSON.stringify(suggestion)}?`
}

/** `input rules` or `modelway.yml:12:5`. */
function place(path: readonly PropertyKey[], explain: Explain): string {
  const [first] = path
  if (first !== undefined && String(first) in explain.inputs) return `input ${String(first)}`
  return explain.config?.locate([explain.contract.section, ...path]) ?? explain.contract.section
}
