import { code, escapeMarkdown, table } from '../escape.js'
import { countOf, formatNumber } from '../words.js'

/** The parts of a training statement that its section shows. */
export interface TrainingReport {
  readonly skipped: boolean
  readonly fingerprint: string
  readonly commit: string | null
  readonly metrics: Readonly<Record<string, number>>
  readonly parameters: Readonly<Record<string, string | number | boolean | null>>
  readonly model: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[]
  readonly resources: {
    readonly gpus: readonly { readonly name: string }[]
    readonly peakGpuMemoryBytes: number | null
    readonly meanGpuUtilisation: number | null
    readonly peakRssBytes: number | null
  }
  readonly durationSeconds: number
}

const MOST_METRICS = 30

/** The training's section of the comment and the summary. */
export function trainingMarkdown(training: TrainingReport): string {
  const verb = training.skipped ? '➖ skipped, nothing changed' : '✅ done'
  return [`### Training: ${verb}`, sentence(training), metrics(training.metrics), details(training)]
    .filter((part) => part !== '')
    .join('\n\n')
}

function sentence({ skipped, durationSeconds, resources, commit }: TrainingReport): string {
  const time = `${skipped ? 'The earlier run took' : 'Took'} ${formatNumber(durationSeconds)} s`
  const memory =
    resources.peakRssBytes === null
      ? ''
      : `, ${gibibytes(resources.peakRssBytes)} of memory at most`
  const gpu = resources.gpus.length === 0 ? '' : `, ${describeGpus(resources)}`
  const at = commit === null ? '' : `, at commit ${code(commit.slice(0, 12))}`
  return `${time}${memory}${gpu}${at}.`
}

function describeGpus(resources: TrainingReport['resources']): string {
  const names = [...new Set(resources.gpus.map(({ name }) => name))].map(escapeMarkdown).join(', ')
  const utilisation = resources.meanGpuUtilisation
  const used = utilisation === null ? '' : ` used to ${Math.round(utilisation * 100)}%`
  const memory =
    resources.peakGpuMemoryBytes === null
      ? ''
      : `, ${gibibytes(resources.peakGpuMemoryBytes)} at most`
  return `${countOf(resources.gpus.length, 'GPU')} (${names})${used}${memory}`
}

function gibibytes(bytes: number): string {
  return `${formatNumber(Number((bytes / 1024 ** 3).toPrecision(3)))} GiB`
}

function metrics(values: TrainingReport['metrics']): string {
  const entries = Object.entries(values)
  const rows = entries
    .slice(0, MOST_METRICS)
    .map(([name, value]) => [escapeMarkdown(name), formatNumber(value)])
  const rest = entries.length - rows.length
  const more = rest > 0 ? `\n… and ${rest} more.` : ''
  return `${table(['Metric (as reported by the command)', 'Value'], rows)}${more}`
}

function details(training: TrainingReport): string {
  const files = training.model
    .slice(0, MOST_METRICS)
    .map(({ name, digest }) => [code(name), code(digest.sha256.slice(0, 12))])
  const parameters = Object.entries(training.parameters).map(([name, value]) => [
    escapeMarkdown(name),
    escapeMarkdown(String(value)),
  ])
  const body = [table(['Model file', 'SHA-256'], files), table(['Parameter', 'Value'], parameters)]
    .filter(Boolean)
    .join('\n')
  return `<details><summary>Model files and parameters, fingerprint ${code(training.fingerprint.slice(0, 19))}</summary>\n\n${body}\n</details>`
}
