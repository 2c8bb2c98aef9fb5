import { fileURLToPath } from 'node:url'
import { UserError } from '../../errors.js'
import type { DataSource } from '../../ports/data-source.js'
import type { DataSourceContext } from './index.js'

/** Files of the working directory: a path, a folder, a glob, or a `file:` URL. They are used where they are. */
export function createFileSource({ workspace }: DataSourceContext): DataSource {
  return {
    transfers: () => [],
    fetch: async ({ source }) => {
      const pattern = source.toLowerCase().startsWith('file:') ? pathOf(source) : source
      const folder = await workspace.files(pattern, 'data.source').catch((error: unknown) => {
        if (isMissing(error)) return undefined
        throw error
      })
      const files = folder ?? (await workspace.glob([pattern], 'data.source'))
      return { files, revision: undefined, cacheHit: true }
    },
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof UserError && error.problems[0]?.code === 'MW-PATH-002'
}

/** `file:data/a.csv` is relative to the working directory, `file:///data/a.csv` absolute. */
function pathOf(source: string): string {
  if (!/^file:\/\//i.test(source)) return source.slice('file:'.length)
  try {
    return fileURLToPath(source)
  } catch (error) {
    throw new UserError(
      {
        code: 'MW-DATA-102',
        where: 'data.source',
        what: `${JSON.stringify(source)} is not a file URL of this machine.`,
        fix: 'Write file:path/below/the/working/directory.',
      },
      { cause: error },
    )
  }
}
