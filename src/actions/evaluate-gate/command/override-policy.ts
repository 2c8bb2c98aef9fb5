import * as YAML from 'yaml'
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
  const overrides = overridesIn(parse(Buffer.from(bytes).toString('utf8'), where))
  if (overrides === undefined || overrides === null) return undefined
  const parsed = GateOverrides.safeParse(overrides)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unreadable(where, `gate.overrides ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
}

function parse(text: string, where: string): unknown {
  try {
    return YAML.parse(text, { version: '1.2', maxAliasCount: 100 })
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw unreadable(where, `it is not valid YAML: ${reason}`)
  }
}

function overridesIn(config: unknown): unknown {
  return property(property(config, 'gate'), 'overrides')
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Reflect.get(value, name)
}

function unreadable(where: string, what: string): UserError {
  return new UserError({
    code: 'MW-HOST-022',
    where,
    what: `the policy for overrides cannot be read: ${what}.`,
    fix: 'Mend the file on the base branch.',
  })
}
