import { UserError } from '../../../errors.js'
import type { TextFormat } from './text/decoder.js'

export type LogFormat = TextFormat | 'parquet' | 'arrow'

export interface FileKind {
  readonly format: LogFormat
  readonly isPacked: boolean
}

const ENDINGS: readonly (readonly [RegExp, LogFormat])[] = [
  [/\.(?:jsonl|ndjson|log|txt)$/, 'json-lines'],
  [/\.json$/, 'json'],
  [/\.[ct]sv$/, 'csv'],
  [/\.(?:parquet|pq)$/, 'parquet'],
  [/\.(?:arrows?|feather)$/, 'arrow'],
]

/** What a file holds: as the settings say, else by its name (also `predictions.jsonl.1`, `predictions.jsonl-20261124.gz`). */
export function fileKind(name: string, format: LogFormat | undefined): FileKind | undefined {
  const lower = name.toLowerCase()
  const isPacked = lower.endsWith('.gz')
  if (format !== undefined) return { format, isPacked }
  const plain = lower.replace(/\.gz$/, '').replace(/[.-]\d{1,14}$/, '')
  const found = ENDINGS.find(([ending]) => ending.test(plain))?.[1]
  return found === undefined ? undefined : { format: found, isPacked }
}

export function unknownFormat(where: string, name: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-311',
    where,
    what: `${JSON.stringify(name)} does not say what it holds.`,
    fix: 'Set deploy.signals.predictions.format to json-lines, json, csv, parquet or arrow.',
  })
}

/** Parquet and Arrow are read from a file as a whole, once. */
export function isTable(format: LogFormat): format is 'parquet' | 'arrow' {
  return format === 'parquet' || format === 'arrow'
}
