import type { ConfigFile } from '../config/file.js'
import { type Problem, UserError } from '../errors.js'

/** Where the settings of an action come from. */
export interface Origin {
  readonly section: string
  readonly config: ConfigFile | undefined
  readonly inputs: Readonly<Record<string, unknown>>
}

/** A mistake that only the job could find, with the line of the key that it names where the file has that key. */
export function placeProblems(error: unknown, origin: Origin): unknown {
  if (!(error instanceof UserError)) return error
  const problems = error.problems.map((problem) => placed(problem, origin))
  return new UserError(problems, { cause: error.cause })
}

function placed(problem: Problem, { section, config, inputs }: Origin): Problem {
  const { where = '' } = problem
  const path = where.split('.')
  const [first, key = ''] = path
  if (first !== section || config === undefined || Object.hasOwn(inputs, key)) return problem
  const written = config.section(section as Parameters<ConfigFile['section']>[0]) ?? {}
  return Object.hasOwn(written, key)
    ? { ...problem, where: `${config.locate(path)}: ${where}` }
    : problem
}
