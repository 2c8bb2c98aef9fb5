import { isAbsolute, join, resolve } from 'node:path'
import * as z from 'zod'
import { type ConfigFile, readConfigFile, type SectionName } from '../config/file.js'
import { type Problem, UserError } from '../errors.js'
import { createWorkspace } from '../files/workspace.js'
import { inRepository } from './config-path.js'
import { type ActionContract, commonInputs } from './contract.js'
import { explainIssues, isMissing } from './explain-issue.js'
import { badInput, isBoolean, type ReadInput, readInputs } from './inputs.js'
import type { Origin } from './place-problems.js'

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
  readonly origin: Origin
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
  createWorkspace(common.workingDirectory)
  const config = findConfig(readInput('config'), common.workingDirectory, problems)
  const { inputs, refused } = readInputs(contract.inputs, readInput, problems)
  const section = config === undefined ? {} : config.section(contract.section)
  const value = { ...section, ...inputs }
  const mode = modeOf(inputs, modes)
  if (mode === undefined && modeOf(value, modes) !== undefined)
    problems.push(onlyAsInput(contract.section, config))
  const schema = schemaOf(contract, mode, modes)
  const parsed = schema.safeParse(value)
  if (parsed.success && problems.length === 0) {
    return {
      common: { ...common, project: config?.project },
      settings: parsed.data as z.output<S>,
      mode,
      inputs,
      origin: { section: contract.section, config, inputs },
      section: (name) => config?.section(name) ?? {},
    }
  }
  if (!parsed.success) {
    const issues = parsed.error.issues.filter(
      (issue) => !isFollowUp(issue, { inputs, refused, section }),
    )
    const shownAs = readInput('config') ?? commonInputs.config.default
    const asked = { contract, schema, inputs, config, shownAs, value }
    const missing = issues.filter(
      (issue) => !Object.hasOwn(inputs, String(issue.path[0])) && isMissing(issue, asked),
    )
    if (missing.length > 0 && problems.length === 0) problems.push(...nothingWritten(asked))
    const misnamed = problems.some(({ fix }) => fix === `Did you mean "${contract.section}"?`)
    const told = misnamed ? issues.filter((issue) => !missing.includes(issue)) : issues
    problems.push(...explainIssues(told, asked))
  }
  throw new UserError(inOrder(problems))
}

/** That there is no file, or nothing about this action in it. */
function nothingWritten({
  contract: { section },
  config,
  shownAs,
}: {
  readonly contract: ActionContract
  readonly config: ConfigFile | undefined
  readonly shownAs: string
}): readonly Problem[] {
  if (config === undefined) return [noConfig(shownAs, 'Write one, or set the inputs named below.')]
  if (config.has(section)) return []
  return [
    {
      code: 'MW-CONFIG-010',
      where: shownAs,
      what: `there is no section ${JSON.stringify(section)}.`,
      fix: 'Write it, or set the inputs named below.',
    },
  ]
}

/** In the order of the lines; what has none, such as an input, is first. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const position = ({ where = '' }: Problem): readonly number[] => {
    const [, line = 0, column = 0] = /:(\d+):(\d+)$/.exec(where) ?? []
    return [Number(line), Number(column)]
  }
  return problems.toSorted((a, b) => {
    const [[line = 0, column = 0], [otherLine = 0, otherColumn = 0]] = [position(a), position(b)]
    return line - otherLine || column - otherColumn
  })
}

/** Another job than the action's own is the workflow's to choose: a change that could write it into its files would not be judged. */
function onlyAsInput(section: string, config: ConfigFile | undefined): Problem {
  return {
    code: 'MW-CONFIG-009',
    where: config?.locate([section, 'mode']) ?? section,
    what: `this mode is an input of the workflow, and cannot be set in ${config?.shownAs ?? 'a file'}.`,
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
