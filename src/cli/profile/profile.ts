import { availableParallelism } from 'node:os'
import { dirname, resolve, sep } from 'node:path'
import { openCrew } from '../../comparison/open-crew.js'
import { openFiles } from '../../comparison/open-files.js'
import { bytesOf, planMemory } from '../../comparison/summaries/plan-memory.js'
import { writeProfile } from '../../comparison/summaries/profile-file.js'
import { profileSource } from '../../comparison/summaries/profile-source.js'
import type { Profile } from '../../domain/drift/profile/profile.js'
import { countOf } from '../../domain/report/words.js'
import { UserError } from '../../errors.js'
import { listFiles } from '../../tabular/data-set/list-files.js'
import { oneLine } from '../contract/one-line.js'
import { refuseExisting, tellUserError, writeOut } from '../out-file.js'
import type { Surroundings } from '../surroundings.js'

export interface ProfileOptions {
  readonly files: readonly string[]
  readonly out: string
  readonly force?: boolean
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
    const { out } = options
    refuseExisting(options, surroundings)
    const profile = await profileFiles(options, surroundings)
    const path = resolve(surroundings.cwd, out)
    writeOut(() => writeProfile(path, profile), { out, code: 'MW-DRIFT-909' })
    surroundings.stdout.write(described(profile, out))
    return 0
  } catch (error) {
    return tellUserError(error, surroundings)
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
  const kept = `${oneLine(out)}: a profile of ${countOf(columns.length, 'column')} of ${countOf(rows, 'row')}.\n`
  const left = omitted.map(
    ({ name, reason }) => `Left out: ${oneLine(JSON.stringify(name))}, since ${reason}.\n`,
  )
  const times = columns
    .filter((column) => column.kind === 'numeric' && column.type === 'timestamp')
    .map(
      ({ name }) =>
        `Without its values: ${oneLine(JSON.stringify(name))}, since a time may tell whose it is.\n`,
    )
  return [kept, ...left, ...times].join('')
}

function noRow(files: readonly string[]): UserError {
  return new UserError({
    code: 'MW-DRIFT-908',
    where: files.join(', '),
    what: 'there is no row to make a profile of.',
    fix: 'Name files with the data that a model was trained on.',
  })
}
