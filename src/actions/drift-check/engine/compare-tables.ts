import type { ColumnComparison, DataSetFacts } from '../../../domain/drift/decide.js'
import type { EngineColumn } from '../../../domain/drift/engine/dialect.js'
import type { DriftPolicy } from '../../../domain/drift/policy.js'
import type { DriftFinding } from '../../../domain/drift/predicate.js'
import { driftProblems, planProblems } from '../../../domain/drift/problems.js'
import { compareSchemas } from '../../../domain/drift/schemas.js'
import type { Problem } from '../../../domain/problem.js'
import { UserError } from '../../../errors.js'
import type { QueryEngine } from '../../../ports/engine.js'
import { askOf, inTurn } from './ask.js'
import { compareOrFailure } from './compare-or-failure.js'
import { engineFailure } from './failures.js'
import { type EngineTable, type OpenTable, openTable } from './open-table.js'
import { comparedWithOther } from './other-nature.js'
import { readSummaries, type Summaries } from './read-summaries.js'
import { engineTestProblems, uncountedProblems, unlikeProblems } from './refusals.js'

export interface TablesToCompare {
  readonly engine: QueryEngine
  readonly policy: DriftPolicy
  readonly reference: EngineTable
  readonly current: EngineTable
  readonly signal: AbortSignal
}

/** What `decideColumns` takes. */
export interface ComparedTables {
  readonly comparisons: readonly ColumnComparison[]
  readonly facts: DataSetFacts
}

/**
 * Compares two tables where they are: read-only SELECTs bring back counts. The numbers are those that the same rows give in a file.
 * Throws a UserError for settings that do not fit the tables, and an ExternalError where the engine fails half-way.
 */
export async function compareTables(asked: TablesToCompare): Promise<ComparedTables> {
  try {
    return await compare(asked)
  } catch (error) {
    throw engineFailure(error, asked.engine.name)
  }
}

async function compare(asked: TablesToCompare): Promise<ComparedTables> {
  const { engine, policy, signal } = asked
  const reference = await openTable(engine, asked.reference, signal)
  const current = await openTable(engine, asked.current, signal)
  check(driftProblems(policy, reference.types, current.types))
  const { compared, findings } = compareSchemas(policy, reference.types, current.types)
  const names = new Set(compared.map(({ name }) => name))
  const isCompared = ({ name }: EngineColumn) => names.has(name)
  const others = comparedWithOther(
    policy,
    reference.columns.filter(isCompared),
    current.columns.filter(isCompared),
  )
  const changed = new Set(others.map(({ plan }) => plan.name))
  const unlikeColumns = unlike([...reference.columns, ...current.columns], names)
  const unlikeFindings = unlikeColumns.filter(({ column }) => !changed.has(column))
  check(unlikeProblems(policy, unlikeFindings))
  const unlikely = new Set(unlikeColumns.map(({ column }) => column))
  const [before, now] = [
    await summaries(engine, reference, { names, signal }),
    await summaries(engine, current, { names, signal }),
  ]
  const comparisons = await inTurn(engine, signal, {
    items: compared.filter(({ name }) => before.byName.has(name) && !unlikely.has(name)),
    run: ({ name }, either) => {
      const summary = before.byName.get(name)
      if (summary === undefined) throw new TypeError('a compared column was summarised')
      const other = now.byName.get(name)
      return compareOrFailure({
        policy,
        dialect: engine.dialect,
        ask: askOf(engine, either),
        reference: { source: reference.source, summary },
        current: other && { source: current.source, summary: other },
      })
    },
  })
  const plans = comparisons.map(({ plan }) => plan)
  check([
    ...planProblems(policy, plans),
    ...engineTestProblems(plans),
    ...uncountedProblems(policy, plans),
  ])
  return {
    comparisons: [...comparisons, ...others],
    facts: {
      rows: { reference: before.rows, current: now.rows },
      findings: [...findings, ...unlikeFindings],
    },
  }
}

function check(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new UserError(problems)
}

function summaries(
  engine: QueryEngine,
  { source, columns }: OpenTable,
  { names, signal }: { readonly names: ReadonlySet<string>; readonly signal: AbortSignal },
): Promise<Summaries> {
  const wanted = columns.filter(({ name, type }) => names.has(name) && type !== 'other')
  return readSummaries(engine, source, { columns: wanted, signal })
}

/** Columns of lists, maps or bytes in either table. */
function unlike(
  columns: readonly EngineColumn[],
  names: ReadonlySet<string>,
): readonly DriftFinding[] {
  const others = columns.filter(({ name, type }) => type === 'other' && names.has(name))
  const byName = new Map(others.map((column) => [column.name, column]))
  return [...byName.values()].map(({ name, engineType }) => ({
    kind: 'not-compared',
    column: name,
    detail: `values of type ${engineType.slice(0, 100)} are not compared in an engine`,
  }))
}
