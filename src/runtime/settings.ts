import { isAbsolute, join, resolve } from 'node:path'
import * as z from 'zod'
import { type ConfigFile, readConfigFile, type SectionName, unknownKey } from '../config/file.js'
import { formatPath, keysAt, nearest } from '../config/problems.js'
import { type Problem, UserError } from '../errors.js'
import { inRepository } from './config-path.js'
import { type ActionContract, commonInputs } from './contract.js'
import { badInput, isBoolean, type ReadInput, readInputs } from './inputs.js'

/** The values of the inputs that all actions have. */
export interface CommonSettings {
  readonly workingDirectory: string
  readonly statements: string
  readonly comment: 'auto' | 'always' | 'off'
  readonly dryRun: boolean
  readonly project: string | undefined
  /** Path of the configuration file in its repository, with `/`; undefined for one outside of the folder that the run began in. */
  readonly configFile: string | undefined
}

export interface LoadedSettings<T> {
  readonly common: CommonSettings
  readonly settings: T
  /** Another action's section of modelway.yml, unchecked; empty where there is none. */
  readonly section: (name: SectionName) => Readonly<Record<string, unknown>>
  /** The values of the inputs that were given. */
  readonly inputs: Readonly<Record<string, unknown>>
  /** The mode whose schema was used; undefined for the action's own. */
  readonly mode: string | undefined
}

/** Where to look, and the schemas of modes that need other settings than the action's own. */
export interface LoadOptions {
  readonly cwd: string
  readonly modes?: Readonly<Record<string, z.ZodObject>> | undefined
}

/**
 * The settings of one action: its section of modelway.yml, overridden by its inputs, checked against its
 * schema. All problems of both are reported in one UserError.
 */
export function loadSettings<S extends z.ZodObject>(
  contract: ActionContract<S>,
  readInput: ReadInput,
  where: string | LoadOptions,
): LoadedSettings<z.output<S>> {
  const { cwd, modes = {} } = typeof where === 'string' ? { cwd: where } : where
  const problems: Problem[] = []
  const common = readCommon(readInput, cwd, problems)
  const config = findConfig(readInput('config'), common.workingDirectory, problems)
  const { inputs, refused } = readInputs(contract.inputs, readInput, problems)
  const section = config === undefined ? {} : config.section(contract.section)
  const value = { ...section, ...inputs }
  const mode = modeOf(inputs, modes)
  if (mode === undefined && modeOf(value, modes) !== undefined)
    problems.push(onlyAsInput(contract.section, config))
  const parsed = schemaOf(contract, mode, modes).safeParse(value)
  if (parsed.success && problems.length === 0) {
    return {
      common: { ...common, project: config?.project },
      settings: parsed.data as z.output<S>,
      mode,
      inputs,
      section: (name) => config?.section(name) ?? {},
    }
  }
  if (!parsed.success) {
    if (config === undefined && problems.length === 0) {
      problems.push(
        noConfig(commonInputs.config.default, 'Write one, or set the inputs named below.'),
      )
    }
    const issues = parsed.error.issues.filter(
      (issue) => !isFollowUp(issue, { inputs, refused, section }),
    )
    const explain = { contract, inputs, config, value }
    problems.push(...issues.flatMap((issue) => describeIssue(issue, explain)))
  }
  throw new UserError(problems)
}

/** Another job than the action's own is the workflow's to choose: a change that could write it into its files would not be judged. */
function onlyAsInput(section: string, config: ConfigFile | undefined): Problem {
  return {
    code: 'MW-CONFIG-009',
    where: config?.locate([section, 'mode']) ?? section,
    what: 'this mode is an input of the workflow, and cannot be set in modelway.yml.',
    fix: 'Remove mode here, and set it with `with:` in the workflow that needs it.',
  }
}

function schemaOf(
  contract: ActionContract,
  mode: string | undefined,
  modes: Readonly<Record<string, z.ZodObject>>,
): z.ZodObject {
  return (mode === undefined ? undefined : modes[mode]) ?? contract.settings
}

function modeOf(
  value: Readonly<Record<string, unknown>>,
  modes: Readonly<Record<string, z.ZodObject>>,
): string | undefined {
  const mode = value['mode']
  return typeof mode === 'string' && Object.hasOwn(modes, mode) ? mode : undefined
}

/** What was already said in another way: an input that was refused, or a file that could not be read. */
function isFollowUp(
  issue: z.core.$ZodIssue,
  known: {
    readonly inputs: Readonly<Record<string, unknown>>
    readonly refused: ReadonlySet<string>
    readonly section: unknown
  },
): boolean {
  const first = String(issue.path[0])
  if (known.refused.has(first)) return true
  return known.section === undefined && !Object.hasOwn(known.inputs, first)
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
  const workingDirectory = resolve(cwd, text('working-directory'))
  return {
    workingDirectory,
    configFile: inRepository(cwd, resolve(workingDirectory, text('config'))),
    statements: text('statements'),
    comment: comment.data ?? 'auto',
    dryRun: dryRun === 'true',
  }
}

interface Explain {
  readonly contract: ActionContract
  readonly inputs: Readonly<Record<string, unknown>>
  readonly config: ConfigFile | undefined
  /** What was checked. */
  readonly value: unknown
}

function describeIssue(issue: z.core.$ZodIssue, explain: Explain): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(explain.contract.settings, issue.path)
    return issue.keys.map((key) =>
      unknownKey({ key, known, where: place([...issue.path, key], explain) }),
    )
  }
  const [first] = issue.path
  const given = valueAt(explain.value, issue.path)
  // A union says only that nothing fits; of what is not there, that is known.
  const missing =
    given === undefined && ['invalid_type', 'invalid_union', 'invalid_value'].includes(issue.code)
  const what = missing ? 'is required but not set.' : `${issue.message}.`
  const name = formatPath(issue.path)
  const settable = first !== undefined && Object.hasOwn(explain.contract.inputs, first)
  const fix = missing
    ? howToSet(name, explain.contract.section, settable)
    : suggestValue(issue, given)
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

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key))
      return undefined
    current = Reflect.get(current, key)
  }
  return current
}

function suggestValue(issue: z.core.$ZodIssue, given: unknown): string | undefined {
  if (issue.code !== 'invalid_value' || typeof given !== 'string') return undefined
  const suggestion = nearest(given, issue.values.map(String))
  return suggestion === undefined ? undefined : `Did you mean ${JSON.stringify(suggestion)}?`
}

/** `input rules` or `modelway.yml:12:5`. */
function place(path: readonly PropertyKey[], explain: Explain): string {
  const [first] = path
  if (first !== undefined && Object.hasOwn(explain.inputs, first)) return `input ${String(first)}`
  return explain.config?.locate([explain.contract.section, ...path]) ?? explain.contract.section
}
