import { resolve } from 'node:path'
import * as YAML from 'yaml'
import { type InferredContract, inferContract } from '../../domain/quality/infer.js'
import { countOf } from '../../domain/report/words.js'
import { UserError } from '../../errors.js'
import { writeFileAtomically } from '../../files/atomic.js'
import { readTable } from '../../tabular/read-table.js'
import { refuseExisting, tellUserError, writeOut } from '../out-file.js'
import type { Surroundings } from '../surroundings.js'
import { oneLine } from './one-line.js'

export interface InferOptions {
  readonly files: readonly string[]
  readonly out?: string
  readonly force?: boolean
}

/** `modelway contract infer`: 0, or 2 when a file cannot be read. */
export async function runInfer(options: InferOptions, surroundings: Surroundings): Promise<number> {
  try {
    await infer(options, surroundings)
    return 0
  } catch (error) {
    return tellUserError(error, surroundings)
  }
}

async function infer(
  { files, out, force }: InferOptions,
  { cwd, stdout, stderr }: Surroundings,
): Promise<void> {
  if (out !== undefined) refuseExisting({ out, force }, { cwd })
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
  writeOut(() => writeFileAtomically(resolve(cwd, out), text), { out, code: 'MW-DATA-119' })
  stdout.write(
    `${oneLine(out)}: rules for ${countOf(contract.columns.size, 'column')} of ${countOf(rows, 'row')}.\n`,
  )
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
  document.commentBefore = ` A draft, inferred from ${countOf(from.files, 'file')} of ${countOf(from.rows, 'row')}${from.files === 1 ? '' : ' together'}: read and edit it.
 Ranges have a tenth of their width on each side, shares of missing cells are doubled.`
  return document.toString({ lineWidth: 0 })
}
