import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import { compareTables } from '../../src/actions/drift-check/engine/compare-tables.js'
import type { EngineTable } from '../../src/actions/drift-check/engine/open-table.js'
import { DriftSection } from '../../src/config/drift.js'
import { decideColumns, decideDrift } from '../../src/domain/drift/decide.js'
import type { DriftColumn, DriftPredicateBody } from '../../src/domain/drift/predicate.js'
import { createRandom } from '../../src/domain/stats/random.js'
import type { QueryEngine } from '../../src/ports/engine.js'
import { readTable } from '../../src/tabular/read-table.js'

export type Cell = string | number | boolean | null
export interface Rows {
  readonly names: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** Names that would end a quoted name, or be something else in SQL. */
export const HOSTILE = {
  number: 'a"b',
  text: 'naïve|<b>',
  code: 'n.o `t` 1; --',
  flag: "it's",
  big: 'select',
} as const

const TEXTS = ["it's", '"q"', "'; DROP TABLE x; --", 'naïve|<b>', 'a\nb', '\\', ' ', '日本', '`']

/** Nulls, NaN, infinities, ties, categories that only one sample has, and whole numbers that no double holds. */
export function hostileRows(side: 'reference' | 'current', count: number): Rows {
  const random = createRandom(side === 'reference' ? 1 : 2)
  const shift = side === 'reference' ? 0 : 0.4
  const number = (): number | null => {
    const draw = random.next()
    if (draw < 0.05) return null
    if (draw < 0.08) return Number.NaN
    if (draw < 0.1) return draw < 0.09 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    if (draw < 0.3) return 0
    return (random.next() + random.next() - 1 + shift) * 1e-7
  }
  const rows = Array.from({ length: count }, (_, i) => [
    number(),
    random.next() < 0.1 ? null : (TEXTS[Math.floor(random.next() ** 2 * TEXTS.length)] ?? null),
    Math.floor(random.next() * (side === 'reference' ? 4 : 5)),
    random.next() < 0.5 + shift / 4,
    `${9_007_199_254_740_993n + BigInt(i % 40)}`,
  ])
  return { names: Object.values(HOSTILE), rows }
}

export function policyOf(more: Readonly<Record<string, unknown>> = {}): DriftSection {
  return DriftSection.parse({ reference: 'r', current: 'c', engine: 'trino', ...more })
}

/** The decision on tables of an engine. */
export async function fromEngine(
  engine: QueryEngine,
  policy: DriftSection,
  tables: { readonly reference: string | EngineTable; readonly current: string | EngineTable },
): Promise<DriftPredicateBody> {
  const table = (of: string | EngineTable, where: string): EngineTable =>
    typeof of === 'string' ? { where, table: of, filters: [] } : of
  const { comparisons, facts } = await compareTables({
    engine,
    policy,
    reference: table(tables.reference, 'drift.reference'),
    current: table(tables.current, 'drift.current'),
    signal: new AbortController().signal,
  })
  return decideColumns(policy, comparisons, facts)
}

/** The decision on the same rows in files. */
export async function fromFiles(
  policy: DriftSection,
  reference: Rows,
  current: Rows,
): Promise<DriftPredicateBody> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-rows-'))
  try {
    const tables = await Promise.all(
      [reference, current].map(async (rows, i) => {
        const path = join(folder, `${i}.csv`)
        await writeFile(path, csvOf(rows))
        return await readTable(path)
      }),
    )
    const [before, now] = tables
    if (before === undefined || now === undefined) throw new TypeError('two tables were read')
    return decideDrift(policy, before, now)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function csvOf({ names, rows }: Rows): string {
  const cell = (value: Cell) => {
    if (value === null) return ''
    return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value)
  }
  return `${[names, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`
}

/** KS is the same number; sums agree to 1e-9 of themselves, and what is drawn or only a bound is not compared. */
export function expectSameNumbers(engine: DriftPredicateBody, file: DriftPredicateBody): void {
  expect(engine.rows).toEqual(file.rows)
  expect(engine.columns.map(exactOf)).toEqual(file.columns.map(exactOf))
  for (const [i, column] of engine.columns.entries()) {
    const other = file.columns[i]
    const numbers = (of: DriftColumn | undefined) => [
      of?.distance?.value,
      of?.psi,
      of?.js,
      of?.statistic,
    ]
    for (const [at, value] of numbers(column).entries()) {
      const wanted = numbers(other)[at] ?? 0
      const isSame = Math.abs((value ?? 0) - wanted) <= 1e-9 * Math.abs(wanted)
      expect([column.name, at, isSame ? wanted : value]).toEqual([column.name, at, wanted])
    }
  }
  expect(engine.decision).toBe(file.decision)
}

function exactOf(column: DriftColumn) {
  const { name, kind, status, test, values, nulls, infinities, newShare } = column
  const isKs = test === 'ks'
  return {
    ...{ name, kind, status, test, values, nulls, infinities, newShare },
    ks: isKs ? [column.statistic, column.pValue] : null,
    newCategories: column.newCategories.toSorted(),
    vanished: column.vanishedCategories.toSorted(),
  }
}
