import * as z from 'zod'
import { UserError } from '../../../errors.js'

/** The file that says which versions a model has; the only one that is ever rewritten. */
export const ModelIndex = z.object({
  name: z.string(),
  aliases: z.record(z.string(), z.string()),
  versions: z.array(
    z.object({
      version: z.string().regex(/^[1-9]\d*$/),
      digest: z.string(),
      files: z.array(z.object({ name: z.string(), sha256: z.string() })),
      attachments: z.array(z.object({ name: z.string(), sha256: z.string() })),
      stage: z.enum(['staging', 'production', 'archived']).optional(),
      registeredAt: z.string(),
      lineage: z.record(z.string(), z.string()),
    }),
  ),
})
export type ModelIndex = z.output<typeof ModelIndex>
export type IndexedVersion = ModelIndex['versions'][number]

export function indexPath(name: string): string {
  return `${name}/registry.json`
}

/** The index of a model; an empty one for a model without versions. */
export function parseIndex(name: string, content: Uint8Array | undefined): ModelIndex {
  if (content === undefined) return { name, aliases: {}, versions: [] }
  try {
    const index = ModelIndex.parse(JSON.parse(Buffer.from(content).toString('utf8')))
    // Not so where the file system does not tell upper from lower case.
    if (index.name !== name) throw new Error(`It is the index of ${JSON.stringify(index.name)}.`)
    return index
  } catch (error) {
    throw new UserError(
      {
        code: 'MW-REGISTRY-001',
        where: indexPath(name),
        what: 'the index of the registry is damaged.',
        fix: 'Restore it from its history or a backup; nothing was changed.',
      },
      { cause: error },
    )
  }
}

/** For people too: indented, with a newline at its end. */
export function formatIndex(index: ModelIndex): Uint8Array {
  return Buffer.from(`${JSON.stringify(index, null, 2)}\n`)
}
