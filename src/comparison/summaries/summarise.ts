import { inBuckets } from '../../domain/drift/profile/buckets.js'
import { type ColumnSummary, summaryOf } from '../../domain/drift/profile/summary.js'
import { sampleOf } from '../../domain/drift/samples.js'
import { createRandom } from '../../domain/stats/random.js'
import { reopenDataSet } from '../../tabular/data-set/data-set.js'
import type { OpenedFacts } from '../../tabular/data-set/data-set-options.js'
import type { ReadTable } from '../../tabular/table-format.js'
import { openSource, type Source } from '../source.js'
import { ColumnSketch } from './column-sketch.js'

export interface SummariseOptions {
  /** The columns to summarise; others are passed over. */
  readonly columns: readonly string[]
  /** What the summaries may take together, in bytes. */
  readonly memory: number
  readonly seed: number
  /** Reads one whole column after the other instead, and keeps buckets of it: for data that fits. */
  readonly isWhole?: boolean | undefined
}

/**
 * Summarises columns of a data set, some ten thousand rows of text or a row group of Parquet at a time. What is one type in
 * some rows and another in others is text, and is read once more as such.
 */
export async function summarise(
  facts: OpenedFacts,
  options: SummariseOptions,
  signal?: AbortSignal,
): Promise<readonly ColumnSummary[]> {
  if (options.isWhole === true) {
    return summariseWhole(openSource({ kind: 'files', facts, table: undefined }), options, signal)
  }
  const bytes = options.memory / Math.max(1, options.columns.length)
  // Each reading of text parses all of it; of other files a column is read by itself.
  const groups = facts.isText ? [options.columns] : options.columns.map((name) => [name])
  const summaries: ColumnSummary[] = []
  for (const names of groups) {
    summaries.push(
      ...(await summariseTogether(facts, { names, bytes, seed: options.seed }, signal)),
    )
  }
  return summaries
}

interface PassOptions {
  readonly names: readonly string[]
  /** What a column may take. */
  readonly bytes: number
  readonly seed: number
}

async function summariseTogether(
  facts: OpenedFacts,
  options: PassOptions,
  signal: AbortSignal | undefined,
): Promise<readonly ColumnSummary[]> {
  const first = await pass(facts, { ...options, isText: false }, signal)
  const mixed = first.filter(({ isMixed }) => isMixed).map(({ name }) => name)
  if (mixed.length === 0) return first.map((sketch) => sketch.finish())
  const second = await pass(facts, { ...options, names: mixed, isText: true }, signal)
  const texts = new Map(second.map((sketch) => [sketch.name, sketch]))
  return first.map((sketch) => (texts.get(sketch.name) ?? sketch).finish())
}

/** The same of columns that are read as a whole. */
export async function summariseWhole(
  source: Source,
  { columns }: Pick<SummariseOptions, 'columns'>,
  signal?: AbortSignal,
): Promise<readonly ColumnSummary[]> {
  const summaries: ColumnSummary[] = []
  for (const name of columns) {
    const column = await source.column(name, signal)
    if (column === undefined) continue
    const summary = summaryOf(sampleOf(column))
    summaries.push(summary.kind === 'numeric' ? inBuckets(summary) : summary)
  }
  return summaries
}

async function pass(
  facts: OpenedFacts,
  { names, bytes, seed, isText }: PassOptions & { readonly isText: boolean },
  signal: AbortSignal | undefined,
): Promise<readonly ColumnSketch[]> {
  const places = new Map(facts.columns.map((column, place) => [column.name, place]))
  const sketches = names.map((name) => {
    const random = createRandom(seed + (places.get(name) ?? -1))
    return new ColumnSketch(name, { bytes, random, isText })
  })
  const types = isText ? Object.fromEntries(names.map((name) => [name, 'string'] as const)) : {}
  const set = reopenDataSet(facts)
  for await (const table of set.batches(names, { types, signal })) addTable(sketches, table)
  return sketches
}

function addTable(sketches: readonly ColumnSketch[], table: ReadTable): void {
  const columns = new Map(table.columns.map((column) => [column.name, column]))
  for (const sketch of sketches) {
    const column = columns.get(sketch.name)
    if (column === undefined) sketch.isMixed = true
    else if (!sketch.isMixed) sketch.add(column)
  }
}
