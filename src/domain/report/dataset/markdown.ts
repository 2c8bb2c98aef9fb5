import { code, escapeMarkdown, table } from '../escape.js'
import { countOf, formatNumber, mark } from '../words.js'

/** The parts of a dataset statement that its section shows. */
export interface DatasetReport {
  readonly source: readonly string[]
  readonly files: readonly {
    readonly path: string
    readonly size: number
    readonly sha256: string
  }[]
  readonly rows: number
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly nulls: number
    readonly distinct: number | null
    readonly min: number | null
    readonly max: number | null
  }[]
  readonly contract: {
    readonly path: string
    readonly checks: readonly {
      readonly id: string
      readonly status: 'pass' | 'warn' | 'fail'
      readonly observed: string | number
      readonly expected: string | number
      readonly failedRows: number
    }[]
  } | null
  readonly fingerprint: string
  readonly decision: 'pass' | 'warn' | 'fail' | 'inconclusive'
}

const MOST_FILES = 10
const MOST_COLUMNS = 40

/** The dataset's section of the comment and the summary. */
export function datasetMarkdown(dataset: DatasetReport): string {
  const files = dataset.files
    .slice(0, MOST_FILES)
    .map((file) => [code(file.path), formatBytes(file.size), code(file.sha256.slice(0, 12))])
  const rest = dataset.files.length - files.length
  return [
    `### Data: ${mark(dataset.decision)}`,
    `${countOf(dataset.files.length, 'file')}, ${countOf(dataset.rows, 'row')}, fingerprint ${code(dataset.fingerprint.slice(0, 19))}.${contractSentence(dataset)}`,
    brokenChecks(dataset),
    `<details><summary>Files</summary>\n\n${table(['File', 'Size', 'SHA-256'], files)}${rest > 0 ? `\n… and ${rest} more.` : ''}\n</details>`,
    columns(dataset),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function contractSentence({ contract }: DatasetReport): string {
  if (contract === null) return ' No data contract was given.'
  const broken = contract.checks.filter((check) => check.status !== 'pass').length
  const of = `${countOf(contract.checks.length, 'check')} of the data contract`
  return broken === 0 ? ` All ${of} hold.` : ` ${broken} of ${of} do not hold.`
}

function brokenChecks({ contract }: DatasetReport): string {
  const broken = (contract?.checks ?? []).filter((check) => check.status !== 'pass')
  const rows = broken.map((check) => [
    mark(check.status),
    escapeMarkdown(check.id),
    escapeMarkdown(formatValue(check.expected)),
    escapeMarkdown(formatValue(check.observed)),
    String(check.failedRows),
  ])
  return table(['', 'Check', 'Expected', 'Observed', 'Rows'], rows)
}

function columns(dataset: DatasetReport): string {
  const rows = dataset.columns
    .slice(0, MOST_COLUMNS)
    .map((column) => [
      escapeMarkdown(column.name),
      column.type,
      String(column.nulls),
      column.distinct === null ? 'over a million' : String(column.distinct),
      column.min === null ? '' : formatNumber(column.min),
      column.max === null ? '' : formatNumber(column.max),
    ])
  if (rows.length === 0) return ''
  const rest = dataset.columns.length - rows.length
  const more = rest > 0 ? `\n… and ${rest} more.` : ''
  return `<details><summary>Columns</summary>\n\n${table(['Column', 'Type', 'Missing', 'Distinct', 'Least', 'Greatest'], rows)}${more}\n</details>`
}

function formatValue(value: string | number): string {
  return typeof value === 'number' ? formatNumber(value) : value
}

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
  let value = bytes
  let unit: string = units[0]
  for (const next of units.slice(1)) {
    if (value < 1000) break
    value /= 1000
    unit = next
  }
  return `${value < 10 && unit !== 'B' ? value.toFixed(1) : Math.round(value)} ${unit}`
}
