import { resolve } from 'node:path'
import { worst } from '../../domain/decision.js'
import { breachWords } from '../../domain/quality/breach-words.js'
import type { QualityCheck } from '../../domain/quality/check.js'
import { checkContract, readContractFile } from '../../quality/data-contract.js'
import { readTable } from '../../tabular/read-table.js'
import { tellUserError } from '../out-file.js'
import type { Surroundings } from '../surroundings.js'
import { oneLine } from './one-line.js'

export interface CheckOptions {
  readonly contract: string
  readonly files: readonly string[]
  readonly json?: boolean
}

/** `modelway contract check`: 0 when the files keep the contract, 1 when they do not, 2 when one cannot be read. */
export async function runCheck(options: CheckOptions, surroundings: Surroundings): Promise<number> {
  try {
    return await check(options, surroundings)
  } catch (error) {
    return tellUserError(error, surroundings)
  }
}

async function check(
  { contract: path, files, json }: CheckOptions,
  { cwd, stdout }: Surroundings,
): Promise<number> {
  const contract = readContractFile({ file: resolve(cwd, path), shownAs: path })
  const tables = []
  for (const file of files) tables.push(await readTable(resolve(cwd, file), { shownAs: file }))
  const checks = checkContract(contract, tables, 'the files')
  const decision = worst(checks.map(({ status }) => status))
  if (json === true) {
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    stdout.write(`${JSON.stringify({ schema_version: 1, decision, rows, checks })}\n`)
  } else stdout.write(checkTable(checks))
  return decision === 'fail' ? 1 : 0
}

/** A line a check, for people, and how many hold. */
function checkTable(checks: readonly QualityCheck[]): string {
  const names = checks.map(({ id }) => oneLine(id))
  const width = Math.min(40, Math.max(0, ...names.map((name) => name.length)))
  const lines = checks.map((one, index) => {
    const line = `${one.status}  ${(names[index] ?? '').padEnd(width)}`
    return one.status === 'pass' ? line.trimEnd() : `${line}  ${breachText(one)}`
  })
  const broken = checks.filter(({ status }) => status !== 'pass').length
  const end =
    broken === 0
      ? `All ${checks.length} checks of the data contract hold.`
      : `${broken} of ${checks.length} checks of the data contract do not hold.`
  return `${[...lines, end].join('\n')}\n`
}

function breachText(check: QualityCheck): string {
  const { failedRows } = check
  const rows = failedRows === 0 ? '' : ` (${failedRows} ${failedRows === 1 ? 'row' : 'rows'})`
  return `expected ${oneLine(breachWords(check))}${rows}`
}
