import { code, escapeMarkdown, table } from '../escape.js'
import { formatNumber } from '../words.js'

/** What a model card is made from: parts of statements, of which any may be missing. */
export interface CardSources {
  readonly name: string
  /** Markdown of the user's, put first as it is. */
  readonly head: string
  readonly model: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[]
  readonly verdict: unknown
  readonly training: unknown
  readonly dataset: unknown
}

/** A model card (Mitchell et al. 2019, doi:10.1145/3287560.3287596) from the record, as Markdown. */
export function modelCard(sources: CardSources): string {
  const parts = [
    sources.head.trim() === '' ? `# ${escapeMarkdown(sources.name)}` : sources.head.trim(),
    section('Evaluation', evaluation(sources.verdict)),
    section('Training', training(sources.training)),
    section('Data', dataset(sources.dataset)),
    section(
      'Files',
      table(
        ['File', 'SHA-256'],
        sources.model.map(({ name, digest }) => [code(name), code(digest.sha256)]),
      ),
    ),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function section(title: string, body: string): string {
  return body === '' ? '' : `## ${title}\n\n${body.trim()}`
}

function evaluation(verdict: unknown): string {
  const checks = listOf(field(verdict, 'checks')).filter((check) => field(check, 'slice') === null)
  const rows = checks.map((check) => [
    text(field(check, 'metric')),
    number(field(check, 'candidate')),
    number(field(check, 'baseline')),
    text(field(check, 'status')),
  ])
  const decision = text(field(verdict, 'decision'))
  const body = table(['Metric', 'This model', 'Baseline', 'Check'], rows)
  return decision === '' ? body : `The gate's decision: **${decision}**.\n\n${body}`
}

function training(statement: unknown): string {
  const metrics = entriesOf(field(statement, 'metrics')).map(([name, value]) => [
    escapeMarkdown(name),
    number(value),
  ])
  const parameters = entriesOf(field(statement, 'parameters')).map(([name, value]) => [
    escapeMarkdown(name),
    text(value),
  ])
  const commit = text(field(statement, 'commit'))
  return [
    commit === '' ? '' : `Code at commit ${commit}.`,
    table(['Parameter', 'Value'], parameters),
    table(['Metric (as reported by the command)', 'Value'], metrics),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function dataset(statement: unknown): string {
  const files = listOf(field(statement, 'files')).map((file) => [
    text(field(file, 'path')),
    text(field(file, 'sha256')),
  ])
  const rows = field(statement, 'rows')
  return [
    typeof rows === 'number' ? `${number(rows)} rows.` : '',
    table(['File', 'SHA-256'], files),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : escapeMarkdown(String(value))
}

function number(value: unknown): string {
  return typeof value === 'number' ? formatNumber(value) : ''
}
