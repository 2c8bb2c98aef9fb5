import { dirname, resolve } from 'node:path'
import { UserError } from '../errors.js'
import { createWorkspace } from '../files/workspace.js'
import { verifyRecord } from '../statements/verify.js'
import type { Surroundings } from './surroundings.js'

export interface VerifyOptions {
  readonly statements: string
  readonly workingDirectory?: string
  readonly json?: boolean
}

/** `modelway verify`: 0 when the whole record holds, 1 when a link is broken, 2 when there is no such folder. */
export async function runVerify(
  options: VerifyOptions,
  surroundings: Surroundings,
): Promise<number> {
  try {
    return await verify(options, surroundings)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    surroundings.stderr.write(`${error.message}\n`)
    return 2
  }
}

async function verify(
  options: VerifyOptions,
  { cwd, stdout, stderr }: Surroundings,
): Promise<number> {
  const directory = resolve(cwd, options.statements)
  const root =
    options.workingDirectory === undefined
      ? dirname(directory)
      : resolve(cwd, options.workingDirectory)
  const { checked, broken } = await verifyRecord(directory, createWorkspace(root))
  if (options.json === true) {
    const problem = broken?.problems[0] ?? null
    stdout.write(
      `${JSON.stringify({ schema_version: 1, holds: broken === undefined, checked, broken: problem })}\n`,
    )
    return broken === undefined ? 0 : 1
  }
  for (const { kind, what } of checked) stdout.write(`holds   ${kind.padEnd(8)} ${what}\n`)
  if (broken !== undefined) stderr.write(`broken  ${broken.message}\n`)
  else stdout.write(`The record holds: ${checked.length} statements, links and files.\n`)
  return broken === undefined ? 0 : 1
}
