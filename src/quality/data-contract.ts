import { readFileSync } from 'node:fs'
import * as YAML from 'yaml'
import type * as z from 'zod'
import { type ColumnRule, DataContract } from '../config/data-contract.js'
import { formatPath, keysAt, suggestKey, unusable } from '../config/problems.js'
import {
  type ColumnExpectation,
  checkQuality,
  type Expectations,
  type QualityCheck,
} from '../domain/quality/check.js'
import type { Table } from '../domain/table/column.js'
import { type Problem, UserError } from '../errors.js'
import { errorWords } from '../files/errno.js'
import type { Workspace } from '../files/workspace.js'
import { createPattern } from './pattern.js'

interface ContractPlace {
  readonly workspace: Workspace
  /** The configuration key that names the contract: `data.contract` or `drift.health.contract`. */
  readonly where: string
}

/** Reads the data contract that a configuration names, below the working directory; none is none. */
export function readContract(
  path: string | undefined,
  { workspace, where }: ContractPlace,
): Expectations | undefined {
  return path === undefined
    ? undefined
    : readContractFile({ file: workspace.resolve(path, where), shownAs: path })
}

interface ContractFile {
  /** The absolute path. */
  readonly file: string
  /** The path as the user wrote it: named in every error. */
  readonly shownAs: string
}

/** Reads a data contract; every problem of it is reported at once. */
export function readContractFile({ file, shownAs: path }: ContractFile): Expectations {
  const value = readYaml(file, path)
  const parsed = DataContract.safeParse(value ?? {})
  const problems: Problem[] = unusable(value, ['']).map(({ what }) => ({
    code: 'MW-DATA-112',
    where: path,
    what,
  }))
  if (!parsed.success)
    problems.push(...parsed.error.issues.flatMap((issue) => describeIssue(issue, path)))
  if (problems.length > 0 || !parsed.success) throw new UserError(problems)
  const columns = Object.entries(parsed.data.columns)
  return {
    rows: parsed.data.rows,
    columns: Object.fromEntries(
      columns.map(([name, rule]) => [name, expectation(name, rule, path)]),
    ),
    otherColumns: parsed.data['other-columns'],
  }
}

/** Checks what was read; a contract over no table at all would hold of anything, so that is an error. */
export function checkContract(
  contract: Expectations,
  tables: readonly Table[],
  where: string,
): readonly QualityCheck[] {
  if (tables.length > 0) return checkQuality(contract, tables)
  throw new UserError({
    code: 'MW-DATA-109',
    where,
    what: 'the data contract cannot be checked: none of the files is a table.',
    fix: `Leave ${where} out, or name tabular files.`,
  })
}

function readYaml(absolute: string, path: string): unknown {
  try {
    return YAML.parse(readFileSync(absolute, 'utf8'), { version: '1.2', maxAliasCount: 100 })
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    const reason = errorWords(error) ?? said
    throw problem(
      { code: 'MW-DATA-111', where: path, what: `the data contract cannot be read: ${reason}` },
      error,
    )
  }
}

function problem(details: Problem, cause?: unknown): UserError {
  return new UserError(details, { cause })
}

function describeIssue(issue: z.core.$ZodIssue, path: string): readonly Problem[] {
  const at = formatPath(issue.path)
  if (issue.code !== 'unrecognized_keys') {
    return [
      {
        code: 'MW-DATA-112',
        where: path,
        what: `${at === '' ? 'the contract' : at}: ${issue.message}.`,
      },
    ]
  }
  const known = keysAt(DataContract, issue.path)
  return issue.keys.map((key) => ({
    code: 'MW-DATA-112',
    where: path,
    what: `${at === '' ? 'the contract' : at}: unknown key ${JSON.stringify(key)}.`,
    fix: suggestKey(key, known),
  }))
}

function expectation(name: string, rule: ColumnRule, path: string): ColumnExpectation {
  const { matches, ...rest } = rule
  if (matches === undefined) return rest
  try {
    return { ...rest, matches: createPattern(matches, { name, path }) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const what = `columns.${name}.matches is not a regular expression: ${reason}.`
    throw problem({ code: 'MW-DATA-112', where: path, what }, error)
  }
}
