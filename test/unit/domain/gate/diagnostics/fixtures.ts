import type { DiagnosedExamples } from '../../../../../src/domain/gate/diagnostics/examples.js'

interface Simple {
  readonly classes?: readonly string[]
  readonly labels: readonly number[]
  readonly predictions?: readonly number[]
  readonly scores?: readonly number[]
  readonly baseline?: {
    readonly predictions?: readonly number[]
    readonly scores?: readonly number[]
  }
  readonly groups?: Readonly<Record<string, readonly (string | null)[]>>
}

const array = (values: readonly number[] | undefined) => values && Float64Array.from(values)

export function classified(
  simple: Simple,
  more: Partial<DiagnosedExamples> = {},
): DiagnosedExamples {
  const { baseline } = simple
  return {
    task: 'classification',
    n: simple.labels.length,
    labels: Float64Array.from(simple.labels),
    classes: simple.classes ?? ['no', 'yes'],
    positive: 1,
    candidate: { predictions: array(simple.predictions), scores: array(simple.scores) },
    baseline: baseline && {
      predictions: array(baseline.predictions),
      scores: array(baseline.scores),
    },
    groups: new Map(
      Object.entries(simple.groups ?? {}).map(([name, cells]) => [name, grouped(cells)]),
    ),
    ...more,
  }
}

export function grouped(cells: readonly (string | null)[]) {
  const names = [...new Set(cells.filter((cell) => cell !== null))]
  return {
    codes: Int32Array.from(cells, (cell) => (cell === null ? -1 : names.indexOf(cell))),
    names,
  }
}

export function regression(simple: Simple): DiagnosedExamples {
  return classified(simple, { task: 'regression', classes: [], positive: undefined })
}
