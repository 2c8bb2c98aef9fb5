import { isAbsolute } from 'node:path'
import * as z from 'zod'
import { isBranch, isRepositoryPath } from './gitops.js'

/** What targets have in common that divide by a file which others read. */
export const manifestKeys = {
  file: z
    .string()
    .min(1)
    .refine(isAbsolute, 'must be an absolute path')
    .optional()
    .describe(
      'The manifest, as an absolute path, on whatever outlives the run: JSON, replaced as a whole at each change of weights.',
    ),
  repository: z
    .strictObject({
      path: z
        .string()
        .min(1)
        .refine(isRepositoryPath, 'must be a path within the repository, without . and ..')
        .describe('The manifest, from the root of the repository.'),
      branch: z
        .string()
        .refine(isBranch, 'must be the name of a branch')
        .optional()
        .describe('The branch that readers take it from. Default: that of the repository.'),
      repository: z
        .string()
        .regex(
          /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
          'must be owner/name',
        )
        .optional()
        .describe(
          'The repository; another one than this is written to with MODELWAY_GITOPS_TOKEN.',
        ),
    })
    .optional()
    .describe('The manifest as a file of a repository: each change of weights is a commit.'),
  salt: z
    .string()
    .max(200)
    .optional()
    .describe(
      "Put before each key before it is hashed. Default: the canary's version, so that each rollout begins with others; a fixed one begins with the same ones every time.",
    ),
}

interface Place {
  readonly file?: string | undefined
  readonly repository?: object | undefined
}

export function hasOnePlace({ file, repository }: Place): boolean {
  return (file === undefined) !== (repository === undefined)
}

export const ONE_PLACE = 'exactly one of file and repository must be given'
