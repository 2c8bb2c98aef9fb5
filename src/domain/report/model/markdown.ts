import { code, escapeMarkdown, table } from '../escape.js'

/** The parts of a model statement that its section shows. */
export interface ModelReport {
  readonly name: string
  readonly version: string
  readonly created: boolean
  readonly aliases: readonly string[]
  readonly stage: string | null
  readonly uri: string
  readonly modelDigest: string
  readonly lineage: Readonly<Record<string, string>>
  readonly model: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[]
}

/** The registration's section of the comment and the summary. */
export function modelMarkdown(model: ModelReport): string {
  const verb = model.created ? '✅ registered' : '➖ registered before'
  const aliases = model.aliases.length === 0 ? '' : `, alias ${model.aliases.map(code).join(', ')}`
  const stage = model.stage === null ? '' : `, stage ${escapeMarkdown(model.stage)}`
  const lineage = Object.entries(model.lineage).map(([kind, digest]) => [
    escapeMarkdown(kind),
    code(digest),
  ])
  const files = model.model.map(({ name, digest }) => [code(name), code(`sha256:${digest.sha256}`)])
  return [
    `### Model: ${verb}`,
    `**${escapeMarkdown(model.name)} version ${escapeMarkdown(model.version)}**${aliases}${stage}, at ${code(model.uri)}.`,
    `<details><summary>Digests</summary>\n\n${table(['File', 'Digest'], files)}\n${table(['Statement', 'Digest'], lineage)}\n</details>`,
  ].join('\n\n')
}
