import * as z from 'zod'
import type { ActionContract } from '../../src/runtime/contract.js'
import { repositorySlug } from './slug.js'

/** The JSON Schema of modelway.yml, for editors. */
export function configSchema(root: string, contracts: readonly ActionContract[]): string {
  const sections = Object.fromEntries(
    contracts.map(({ section, settings, description }) => [
      section,
      settings.optional().describe(description),
    ]),
  )
  const config = z.strictObject({
    project: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('The name of the project: comments are kept for each.'),
    ...sections,
  })
  const schema = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' })
  const id = `https://raw.githubusercontent.com/${repositorySlug(root)}/main/schema/modelway.schema.json`
  return `${JSON.stringify({ $id: id, title: 'modelway.yml', ...schema }, null, 2)}\n`
}
