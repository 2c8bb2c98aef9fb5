import type { Metric } from '../../src/domain/metrics/metric.js'
import type { ActionContract } from '../../src/runtime/contract.js'
import { documentInput } from '../../src/runtime/document-input.js'
import type { EnvironmentVariable } from '../../src/runtime/env.js'
import { allInputs, allOutputs } from './action-yml.js'
import type { KeyDoc, Variant } from './settings-doc.js'

/** A table cell: one line, with its pipes kept as text. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/** A Markdown table. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows]
    .map((row) => `| ${row.map(cell).join(' | ')} |`)
    .join('\n')
}

export function inputsTable(contract: ActionContract): string {
  const rows = Object.entries(allInputs(contract)).map(([name, spec]) => [
    `\`${name}\``,
    documentInput(contract, name, spec),
    spec.default === undefined ? '' : `\`${spec.default}\``,
  ])
  return table(['Input', 'What it is', 'Default in action.yml'], rows)
}

export function outputsTable(contract: ActionContract): string {
  const rows = Object.entries(allOutputs(contract)).map(([name, { description }]) => [
    `\`${name}\``,
    description,
  ])
  return table(['Output', 'What it is'], rows)
}

export function permissionsTable(contract: ActionContract): string {
  const rows = Object.entries(contract.permissions).map(([name, reason]) => {
    const [level = '', ...why] = reason.split(': ')
    return [`\`${name}: ${level}\``, why.join(': ')]
  })
  return table(['Permission', 'Why'], rows)
}

/** The permissions of all actions, one row each. */
export function allPermissionsTable(contracts: readonly ActionContract[]): string {
  const rows = contracts.flatMap(({ name, permissions }) =>
    Object.entries(permissions).map(([permission, reason], index) => {
      const [level = '', ...why] = reason.split(': ')
      const action = index === 0 ? `[\`${name}\`](actions/${name}/README.md)` : ''
      return [action, `\`${permission}: ${level}\``, why.join(': ')]
    }),
  )
  return table(['Action', 'Permission', 'Why'], rows)
}

/** Keys of the configuration with their types and defaults. */
export function keysTable(keys: readonly KeyDoc[]): string {
  const rows = keys.map(({ key, type, default: value, required, description }) => [
    `\`${key}\``,
    type,
    required ? 'required' : value === undefined ? '' : `\`${value}\``,
    description,
  ])
  return table(['Key', 'Type', 'Default', 'What it is'], rows)
}

/** The keys of every kind of item that a list takes, under its name. */
export function variantsTables(key: string, variants: readonly Variant[]): string {
  return variants
    .map(
      ({ name, description, keys }) =>
        `#### \`${key}: ${name}\`\n\n${description}\n\n${keysTable(keys)}`,
    )
    .join('\n\n')
}

/** The environment variables that the product reads. */
export function environmentTable(variables: readonly EnvironmentVariable[]): string {
  return table(
    ['Variable', 'What it is'],
    variables.map(({ name, doc }) => [`\`${name}\``, doc]),
  )
}

/** Every metric that a rule may name. */
export function metricsTable(metrics: readonly Metric[]): string {
  const rows = metrics.map(({ name, summary, tasks, direction, needs }) => [
    `\`${name}\``,
    tasks.join(', '),
    direction,
    needs.join(', '),
    summary,
  ])
  return table(['Metric', 'Task', 'Better is', 'Reads beside the label', 'What it is'], rows)
}

/** Replaces what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
export function fillRegions(text: string, regions: Readonly<Record<string, string>>): string {
  let filled = text
  for (const [name, content] of Object.entries(regions)) {
    const begin = `<!-- begin ${name} (generated) -->`
    const end = `<!-- end ${name} -->`
    const [before, rest] = split(filled, begin)
    if (rest === undefined) continue
    const [, after] = split(rest, end)
    if (after === undefined) throw new Error(`"${begin}" has no "${end}"`)
    filled = `${before}${begin}\n\n${content}\n\n${end}${after}`
  }
  return filled
}

function split(text: string, mark: string): readonly [string, string | undefined] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)]
}
