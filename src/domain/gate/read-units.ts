import type { Checked } from '../problem.js'
import { type Column, findColumn } from '../table/column.js'
import type { ExampleRows, GateExamples, ModelOutputs } from './examples.js'
import type { ExamplesRequest } from './examples-request.js'
import { type JoinedUnits, joinUnits, type UnitCut } from './join-units.js'
import { type Attributes, attributeColumns, readAttributes } from './read-attributes.js'
import { readUnitOutputs, type UnitOutputs } from './read-unit-outputs.js'
import { type Cut, ProblemList } from './source.js'
import { unitLabelsDiffer } from './unit-labels.js'
import { firstRows, type UnitGroups } from './units.js'

/**
 * Ranking and generation: rows as units, with the metrics' values of each unit. A unit's weight, cluster and groups are those of its
 * first row, and must be those of all its rows.
 */
export function readUnits(request: ExamplesRequest): Checked<GateExamples> {
  const joined = joinUnits(request)
  if (joined.value === undefined) return joined
  const units = joined.value
  const problems = new ProblemList()
  const { candidate, baseline, paired } = units
  const own = paired || baseline === undefined ? [candidate] : [candidate, baseline]
  const attributes = readAttributes(request, own.map(firstOf), problems)
  if (problems.found.length === 0) for (const cut of own) checkAgreement(request, cut, problems)
  const outputs = readUnitOutputs(request, candidate, problems)
  const theirs = baseline && readUnitOutputs(request, baseline, problems)
  if (paired && baseline !== undefined && problems.found.length === 0) {
    unitLabelsDiffer(request, { ...units, baseline }, problems)
  }
  const [mine] = attributes
  if (mine === undefined || problems.found.length > 0) return { problems: problems.found }
  return { value: assemble(request, units, { outputs, theirs, mine, others: attributes[1] }) }
}

interface Parts {
  readonly outputs: UnitOutputs
  readonly theirs: UnitOutputs | undefined
  readonly mine: Attributes
  readonly others: Attributes | undefined
}

function assemble(request: ExamplesRequest, units: JoinedUnits, parts: Parts): GateExamples {
  const { candidate, baseline, paired } = units
  const n = candidate.groups.units
  const columnsOf = (read: UnitOutputs): ModelOutputs => ({ columns: read.values })
  const others = parts.others && baseline && rowsOf(baseline, parts.others)
  const abstained = {
    candidate: parts.outputs.abstained,
    baseline: parts.theirs?.abstained ?? null,
  }
  return {
    task: request.task,
    ...rowsOf(candidate, parts.mine),
    classes: [],
    positive: undefined,
    candidate: columnsOf(parts.outputs),
    baseline: parts.theirs && columnsOf(parts.theirs),
    baselineRows: others,
    samples: {
      candidate: units.inCandidate,
      baseline: units.inBaseline,
      joined: paired ? n : 0,
      ...(abstained.candidate + (abstained.baseline ?? 0) > 0 ? { abstained } : {}),
    },
    source: {
      table: candidate.source.table,
      rows: firstRows(candidate.groups),
      id: units.name,
    },
  }
}

function rowsOf({ groups }: UnitCut, attributes: Attributes): ExampleRows {
  return { n: groups.units, labels: new Float64Array(groups.units), ...attributes }
}

function firstOf({ source, groups }: UnitCut): Cut {
  return { source, rows: firstRows(groups) }
}

function checkAgreement(request: ExamplesRequest, cut: UnitCut, problems: ProblemList): void {
  const names = new Set(attributeColumns(request).map(({ name }) => name))
  for (const name of names) {
    const column = findColumn(cut.source.table, name)
    const row = column === undefined ? -1 : disagreeingRow(column, cut.groups)
    if (row < 0) continue
    const unit = request.task === 'ranking' ? 'query' : 'id'
    problems.add({
      code: 'MW-GATE-034',
      where: cut.source.file,
      what: `column "${name}" differs between rows of one ${unit}, first in row ${row + 1}.`,
      fix: `Slices, groups, clusters and weights belong to the ${unit}: give all its rows the same value.`,
    })
  }
}

/** The first row, in the order of units, that has another value than its unit's first row; -1 where all agree. */
function disagreeingRow(column: Column, { units, rows, starts }: UnitGroups): number {
  const values = column.kind === 'numeric' ? column.values : column.codes
  for (let unit = 0; unit < units; unit++) {
    const start = starts[unit] ?? 0
    const first = values[rows[start] ?? 0]
    for (let i = start + 1; i < (starts[unit + 1] ?? 0); i++) {
      if (!Object.is(values[rows[i] ?? 0], first)) return rows[i] ?? 0
    }
  }
  return -1
}
