import type { FileSource } from '../open-files.js'
import { openSource, type SummarySource } from '../source.js'
import type { Crew } from '../threads/pool.js'
import { type SummariseOptions, summariseWhole } from './summarise.js'

export interface SummariseSourceOptions extends SummariseOptions {
  readonly threads: number
}

/**
 * Summarises columns of a sample: of Parquet and Arrow by several threads, each a share of the columns; of text by one, since each
 * reading parses all of it; what is held is summarised here. The order is that of `columns`.
 */
export async function summariseSource(
  crew: Crew,
  source: FileSource,
  { threads, ...options }: SummariseSourceOptions,
): Promise<SummarySource> {
  const { facts, table } = source
  if (table !== undefined) {
    return { kind: 'samples', samples: await summariseWhole(openSource(source), options) }
  }
  const shares = facts.isText ? 1 : Math.max(1, Math.min(threads, options.columns.length))
  const size = Math.ceil(options.columns.length / shares)
  const tasks = Array.from({ length: shares }, (_, share) => {
    const columns = options.columns.slice(share * size, (share + 1) * size)
    const memory = options.memory / shares
    return { kind: 'summarise', facts, options: { ...options, columns, memory } } as const
  })
  const answers = await crew.run(tasks)
  return {
    kind: 'samples',
    samples: answers.flatMap((answer) => {
      if ('kind' in answer && answer.kind === 'samples') return answer.samples
      throw new TypeError('summaries were asked for')
    }),
  }
}
