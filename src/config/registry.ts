import * as z from 'zod'
import { OneOrMany } from './shared.js'

/** A name that is safe as a folder on every system and as a part of a URI. */
export const RegistryName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'must be 1 to 100 letters, digits, dots, dashes or underscores, and begin with a letter or digit',
  )

/** The `registry` section of modelway.yml. */
export const RegistrySection = z.strictObject({
  registry: z
    .enum(['files'])
    .default('files')
    .describe('The kind of registry: `files` is a folder or a git branch.'),
  location: z
    .string()
    .min(1)
    .default('model-registry')
    .describe(
      'Where a `files` registry is: a folder in the working directory, or `branch:<name>` of this repository.',
    ),
  name: RegistryName.describe('The name of the model.'),
  model: OneOrMany.optional().describe(
    'The model files. Default: the ones that the gate judged. Files with another digest are refused.',
  ),
  alias: z
    .union([RegistryName, z.array(RegistryName)])
    .transform((value) => (typeof value === 'string' ? [value] : value))
    .default([])
    .describe('Aliases that shall point to this version, one a line.'),
  stage: z
    .enum(['staging', 'production', 'archived'])
    .optional()
    .describe('The stage of the version.'),
  card: z
    .string()
    .min(1)
    .optional()
    .describe('A Markdown file that is put at the head of the model card.'),
})
export type RegistrySection = z.output<typeof RegistrySection>
