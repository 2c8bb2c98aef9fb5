import { compareDataSets } from '../../comparison/compare-data-sets.js'
import type { DriftSection } from '../../config/drift.js'
import { type ColumnComparison, decideColumns } from '../../domain/drift/decide.js'
import { combineReferences, policyForReferences } from '../../domain/drift/history/references.js'
import type { DriftPolicy } from '../../domain/drift/policy.js'
import type { DriftFinding, DriftPredicateBody, Sides } from '../../domain/drift/predicate.js'
import { planProblems } from '../../domain/drift/problems.js'
import { compareSchemas } from '../../domain/drift/schemas.js'
import { UserError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import type { TimeWindow } from '../../tabular/data-set/windows.js'
import { elsewhere, isElsewhere } from './elsewhere.js'
import { learnedPolicy } from './learning.js'
import { nestedFindings, withNested } from './nested.js'
import type { OpenedSide, OpenedSides } from './open-sides.js'
import { componentsOf, vectorsOf } from './vectors.js'

type Windows = readonly TimeWindow[] | undefined

/** One body a window, the oldest first; against several references where there are some. */
export async function judgeWindows(
  context: JobContext<DriftSection>,
  sides: OpenedSides,
  windows: Windows,
): Promise<readonly DriftPredicateBody[]> {
  const { settings } = context
  const { others } = sides
  const policy = policyForReferences(settings, others.length + 1)
  const against = (reference: OpenedSide) =>
    judgeAgainst(context, { ...sides, reference, windows }, policy)
  const primary = await against(sides.reference)
  const further: { name: string; bodies: readonly DriftPredicateBody[] }[] = []
  for (const { name, side } of others) further.push({ name, bodies: await against(side) })
  return primary.map((body, window) =>
    combineReferences(policy, {
      primary: body,
      others: further.flatMap(({ name, bodies }) => {
        const other = bodies[window]
        return other === undefined ? [] : [{ name, body: other }]
      }),
      against: settings.against,
    }),
  )
}

async function judgeAgainst(
  context: JobContext<DriftSection>,
  sides: OpenedSides & { readonly windows: Windows },
  settings: DriftSection,
): Promise<readonly DriftPredicateBody[]> {
  const { signal } = context
  const { reference, current, windows, crew } = sides
  const schemas = compareSchemas(settings, reference.columns, current.columns)
  const components = componentsOf(settings, reference.columns)
  const own = schemas.compared.map(({ name }) => name).filter((name) => !components.has(name))
  const names = own.filter((name) => !isElsewhere(settings, name))
  const policy: DriftPolicy = await learnedPolicy(context, { settings, reference, names })
  const season = settings.time?.season ?? 'none'
  const compared = await compareDataSets(
    crew,
    {
      policy,
      reference: reference.source,
      current: current.source,
      windows,
      season: season === 'none' ? undefined : season,
    },
    names,
  )
  const plans = (compared[0] ?? []).map(({ plan }) => plan)
  const problems = planProblems(policy, plans)
  if (problems.length > 0) throw new UserError(problems)
  const vectors = await vectorsOf(settings, { reference, current, windows, signal })
  const unread = [...reference.omitted, ...reference.nested]
  const absent = new Set(unread.map(({ name }) => name))
  const left = schemas.findings.filter(
    ({ column }) => !components.has(column) && !absent.has(column),
  )
  return compared.map((columns, window) => {
    const comparisons = [...withNested(columns, current.nested), ...(vectors[window] ?? [])]
    return decideColumns(policy, comparisons, {
      rows: rowsOf(comparisons, { reference: reference.rows, current: current.rows }),
      findings: [
        ...left,
        ...nestedFindings(settings, { reference: reference.nested, current: current.nested }, own),
        ...elsewhere(settings, own),
        ...omitted(reference),
      ],
    })
  })
}

/** Columns that a profile leaves out are neither new nor gone. */
function omitted({ omitted: columns }: OpenedSide): DriftFinding[] {
  return columns.map(({ name, reason }) => ({
    kind: 'not-compared',
    column: name,
    detail: `not in the profile: ${reason}`,
  }))
}

/** Of a window not all rows of the data are compared. */
function rowsOf(comparisons: readonly ColumnComparison[], all: Sides): Sides {
  const measured = comparisons.find((one) => one.measured !== undefined)?.measured
  return measured?.rows ?? all
}
