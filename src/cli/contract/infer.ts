import { resolve } from 'node:path'
import * as YAML from 'yaml'
import { type InferredContract, inferContract } from '../../domain/quality/infer.js'
import { UserError } from '../../errors.js'
import { writeFileAtomically } from '../../files/atomic.js'
import { hasCode } from '../../files/errno.js'
import { readTable } from '../../tabular/read-table.js'
import type { Surroundings } from '../surroundings.js'
import { oneLine } from './one-line.js'

export interface InferOptions {
  readonly files: readonly string[]
  readonly out?: string
}

/** `modelway contract infer`: 0, or 2 when a file cannot be read. */
export async function runInfer(options: InferOptions, surroundings: Surroundings): Promise<number> {
  try {
    await infer(options, surroundings)
    return 0
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    surroundings.stderr.write(`${error.message}\n`)
    return 2
  }
}

async function infer(
  { files, out }: InferOptions,
  { cwd, stdout, stderr }: Surroundings,
): Promise<void> {
  const tables = []
  for (const file of files) tables.push(await readTable(resolve(cwd, file), { shownAs: file }))
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  if (rows === 0) throw noRow(files)
  const contract = inferContract(tables)
  for (const name of contract.skipped) {
    stderr.write(`No contract can name the column ${oneLine(JSON.stringify(name))}.\n`)
  }
  const text = contractText(contract, { files: files.length, rows })
  if (out === undefined) {
    stdout.write(text)
    return
  }
  write(resolve(cwd, out), out, text)
  stdout.write(`${oneLine(out)}: rules for ${contract.columns.size} columns of ${rows} rows.\n`)
}

function noRow(files: readonly string[]): UserError {
  return new UserError({
    code: 'MW-DATA-118',
    where: files.join(', '),
    what: 'there is no row to infer a data contract from.',
    fix: 'Name files with the data that is to be expected.',
  })
}

/** The contract as YAML. Nothing from the data is in the comment, where it could end the line. */
export function contractText(
  { rows, columns }: InferredContract,
  from: { readonly files: number; readonly rows: number },
): string {
  const document = new YAML.Document(new Map<string, unknown>(Object.entries({ rows, columns })), {
    version: '1.2',
    aliasDuplicateObjects: false,
  })
  document.commentBefore = ` A draft, inferred from ${from.files} files of ${from.rows} rows together: read and edit it.
 Ranges have a tenth of their width on each side, shares of missing cells are doubled.`
  return document.toString({ lineWidth: 0 })
}

function write(path: string, shownAs: string, text: string): void {
  try {
    writeFileAtomically(path, text)
  } catch (error) {
    const known = [
      'EACCES',
      'EPERM',
      'EROFS',
      'EISDIR',
      'ENOTDIR',
      'EEXIST',
      'ENOSPC',
      'ENAMETOOLONG',
    ]
    if (!known.some((code) => hasCode(error, code))) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(
      {
        code: 'MW-DATA-119',
        where: '--out',
        what: `${JSON.stringify(shownAs)} cannot be written: ${reason}.`,
        fix: 'Name a file in a folder that you may write to.',
      },
      { cause: error },
    )
  }
}
