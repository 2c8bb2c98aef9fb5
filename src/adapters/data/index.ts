import { UserError } from '../../errors.js'
import type { Workspace } from '../../files/workspace.js'
import type { DataSource } from '../../ports/data-source.js'
import type { Log } from '../../ports/host.js'

export interface DataSourceContext {
  readonly workspace: Workspace
  readonly log: Log
}

type Load = (context: DataSourceContext) => Promise<DataSource>

/** The systems by the scheme of a source; one is loaded when a source names it. */
const sources: Readonly<Record<string, Load>> = {
  file: async (context) => (await import('./file.js')).createFileSource(context),
  https: async (context) => (await import('./http.js')).createHttpSource(context),
  http: async (context) => (await import('./http.js')).createHttpSource(context),
}

/** The data source for what the user wrote; a path or a glob has no scheme. */
export async function openDataSource(
  source: string,
  context: DataSourceContext,
): Promise<DataSource> {
  // One letter is a Windows drive, not a scheme.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(source)?.[1]?.toLowerCase() ?? 'file'
  const load = Object.hasOwn(sources, scheme) ? sources[scheme] : undefined
  if (load === undefined) {
    throw new UserError({
      code: 'MW-DATA-101',
      where: 'data.source',
      what: `${JSON.stringify(`${scheme}:`)} is not a kind of source that Modelway knows.`,
      fix: `Known: a path or glob, ${Object.keys(sources)
        .map((name) => `${name}:`)
        .join(', ')}.`,
    })
  }
  return load(context)
}
