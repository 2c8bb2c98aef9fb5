import { parseConfigFile } from '../../../config/file.js'
import { GateOverrides } from '../../../config/gate-overrides.js'
import { UserError } from '../../../errors.js'
import type { RepositoryFiles } from '../../../ports/forge.js'

/**
 * `gate.overrides` of the configuration file at a branch or commit: of the base, since a pull request could write itself in.
 * Undefined where there is no such file or no such key.
 */
export async function readOverridePolicy(
  files: Pick<RepositoryFiles, 'fileAt'>,
  { ref, path }: { readonly ref: string; readonly path: string },
): Promise<GateOverrides | undefined> {
  const bytes = await files.fileAt(ref, path)
  if (bytes === undefined) return undefined
  const where = `${path} at ${ref}`
  const { file, problems } = parseConfigFile(Buffer.from(bytes).toString('utf8'), where)
  const broken = problems.find(({ code }) => code === 'MW-CONFIG-002')
  if (broken !== undefined) throw unreadable(where, `it ${broken.what.replace(/\.$/, '')}`)
  const overrides = file.section('gate')?.['overrides']
  if (overrides === undefined || overrides === null) return undefined
  const parsed = GateOverrides.safeParse(overrides)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unreadable(where, `gate.overrides ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
}

function unreadable(where: string, what: string): UserError {
  return new UserError({
    code: 'MW-HOST-022',
    where,
    what: `the policy for overrides cannot be read: ${what}.`,
    fix: 'Mend the file on the base branch.',
  })
}
