import { cellText, findColumn } from '../table/column.js'
import type { ExamplesRequest } from './examples-request.js'
import type { JoinedUnits, UnitCut } from './join-units.js'
import type { ProblemList } from './source.js'

/**
 * Two files that disagree about the truth were not evaluated on the same data: in ranking about a document's relevance, in generation
 * about the label of an example (of its first sample).
 */
export function unitLabelsDiffer(
  request: ExamplesRequest,
  units: JoinedUnits & { readonly baseline: UnitCut },
  problems: ProblemList,
): void {
  const { candidate, baseline } = units
  const mine = findColumn(candidate.source.table, request.columns.label)
  const theirs = findColumn(baseline.source.table, request.columns.label)
  if (!request.needs.label || mine === undefined || theirs === undefined) return
  const { units: n, starts, rows } = candidate.groups
  const byRow = request.task === 'ranking'
  const compared = byRow ? rows.length : n
  const place = (at: number, groups: UnitCut['groups']) => (byRow ? at : (groups.starts[at] ?? 0))
  let count = 0
  let first: readonly [string, string] | undefined
  for (let at = 0; at < compared; at++) {
    const a = cellText(mine, rows[place(at, candidate.groups)] ?? -1) ?? ''
    const b = cellText(theirs, baseline.groups.rows[place(at, baseline.groups)] ?? -1) ?? ''
    if (a === b) continue
    count++
    first ??= [a, b]
  }
  if (first === undefined || starts.length === 0) return
  problems.add({
    code: 'MW-GATE-020',
    where: baseline.source.file,
    what: `${count} of ${compared} joined ${byRow ? 'documents' : 'examples'} have another label than in ${candidate.source.file}: the first is "${first[1].slice(0, 60)}" here and "${first[0].slice(0, 60)}" there.`,
    fix: 'Evaluate both models on the same labelled examples.',
  })
}
