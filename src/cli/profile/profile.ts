import { availableParallelism } from 'node:os'
import { dirname, resolve, sep } from 'node:path'
import { openCrew } from '../../comparison/open-crew.js'
import { openFiles } from '../../comparison/open-files.js'
import { bytesOf, planMemory } from '../../comparison/summaries/plan-memory.js'
import { writeProfile } from '../../comparison/summaries/profile-file.js'
import { profileSource } from '../../comparison/summaries/profile-source.js'
import type { Profile } from '../../domain/drift/profile/profile.js'
import { UserError } from '../../errors.js'
import { hasCode } from '../../files/errno.js'
import { listFiles } from '../../tabular/data-set/list-files.js'
import { oneLine } from '../contract/one-line.js'
import type { Surroundings } from '../surroundings.js'

export interface ProfileOptions {
  readonly files: readonly string[]
  readonly out: string
  readonly columns?: readonly string[]
  readonly minCount: number
  readonly memory?: string
  readonly seed: number
}

/** `modelway profile`: 0, or 2 when a file cannot be read or written. */
export async function runProfile(
  options: ProfileOptions,
  surroundings: Surroundings,
): Promise<number> {
  try {
    const profile = await profileFiles(options, surroundings)
    write(resolve(surroundings.cwd, options.out), options.out, profile)
    surroundings.stdout.write(described(profile, options.out))
    return 0
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    surroundings.stderr.write(`${error.message}\n`)
    return 2
  }
}

async function profileFiles(
  { files, columns, minCount, memory, seed }: ProfileOptions,
  { cwd, distribution }: Surroundings,
): Promise<Profile> {
  const paths = files.map((file) => resolve(cwd, file))
  const data = { root: commonFolder(paths), paths, where: 'files', columns }
  const plan = await planMemory({
    samples: [data],
    memory: memory === undefined ? undefined : bytesOf(memory),
    threads: availableParallelism(),
  })
  const { threads } = plan
  const hold = plan.readings[0] !== 'summaries'
  const limit = plan.limits[0]
  const { signal } = new AbortController()
  const listed = (await listFiles(data)).map(({ path }) => path)
  const crew = await openCrew({ distribution, threads, files: listed, signal })
  try {
    const source = await openFiles({ ...data, hold, limit })
    const isWhole = source.facts.options.hold !== false
    const names = source.facts.columns.map(({ name }) => name)
    if (source.facts.files.every(({ rows }) => rows === 0)) throw noRow(files)
    const sketched = { columns: names, memory: plan.summaryMemory, seed, threads, isWhole }
    return await profileSource(crew, source, { ...sketched, minCount })
  } finally {
    await crew.close()
  }
}

/** The folder that all of the files are below: no other part of their paths is in the profile. */
function commonFolder(paths: readonly string[]): string {
  const [first = sep, ...others] = paths.map(dirname)
  let folder = first
  while (!others.every((other) => `${other}${sep}`.startsWith(withEnd(folder)))) {
    folder = dirname(folder)
  }
  return folder
}

function withEnd(folder: string): string {
  return folder.endsWith(sep) ? folder : `${folder}${sep}`
}

function described({ rows, columns, omitted }: Profile, out: string): string {
  const kept = `${oneLine(out)}: a profile of ${columns.length} columns of ${rows} rows.\n`
  const left = omitted.map(
    ({ name, reason }) => `Left out: ${oneLine(JSON.stringify(name))}, since ${reason}.\n`,
  )
  return [kept, ...left].join('')
}

function noRow(files: readonly string[]): UserError {
  return new UserError({
    code: 'MW-DRIFT-908',
    where: files.join(', '),
    what: 'there is no row to make a profile of.',
    fix: 'Name files with the data that a model was trained on.',
  })
}

const REFUSALS = ['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'EEXIST', 'ENOSPC']

function write(path: string, shownAs: string, profile: Profile): void {
  try {
    writeProfile(path, profile)
  } catch (error) {
    if (!hasCode(error, ...REFUSALS)) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(
      {
        code: 'MW-DRIFT-909',
        where: '--out',
        what: `${JSON.stringify(shownAs)} cannot be written: ${reason}.`,
        fix: 'Name a file in a folder that you may write to.',
      },
      { cause: error },
    )
  }
}
