import { type Problem, UserError } from '../../errors.js'
import type { DataSetOptions } from '../../tabular/data-set/data-set-options.js'
import { type DataFile, listFiles } from '../../tabular/data-set/list-files.js'

/** What a file that nobody named alone may be at fault for: its name alone does not say where it comes from. */
const OF_A_FILE = new Set(['MW-DATA-002', 'MW-DATA-004'])

/** Gives what `read` gives; where a file cannot be read, the error says which side it is of, and how a folder's file is left out. */
export async function namingSides<T>(
  sides: readonly DataSetOptions[],
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    if (!error.problems.some(({ code }) => OF_A_FILE.has(code))) throw error
    const listed: { readonly side: DataSetOptions; readonly files: readonly DataFile[] }[] = []
    for (const side of sides) listed.push({ side, files: await listFiles(side) })
    const problems = error.problems.map((problem) => {
      for (const { side, files } of listed) {
        const file = files.find(({ name }) => isOf(problem, name))
        if (file !== undefined) return withSide(problem, side, file)
      }
      return problem
    })
    throw new UserError(problems, { cause: error })
  }
}

/** A problem names a file, or a line of it. */
function isOf({ where = '' }: Problem, name: string): boolean {
  return (
    where === name || (where.startsWith(`${name}:`) && /^\d+$/.test(where.slice(name.length + 1)))
  )
}

function withSide(problem: Problem, { where, paths }: DataSetOptions, file: DataFile): Problem {
  if (!OF_A_FILE.has(problem.code)) return problem
  const named = { ...problem, where: `${where}: ${problem.where}` }
  const isNamed = paths.some((one) => (typeof one === 'string' ? one : one.path) === file.path)
  if (isNamed) return named
  const line = JSON.stringify(`!${file.name}`)
  const out = `It lies in a folder that is named: leave it out with the line ${line} there, or name the files.`
  return {
    ...named,
    fix: problem.code === 'MW-DATA-002' ? out : `${problem.fix ?? ''} ${out}`.trim(),
  }
}
