import { join } from 'node:path'
import { TrainSection } from '../../../../src/config/train.js'
import { createWorkspace } from '../../../../src/files/workspace.js'
import type { Cache } from '../../../../src/ports/host.js'
import type { JobContext } from '../../../../src/runtime/job.js'
import { openRecord } from '../../../../src/statements/record.js'
import { createFakeHost, type FakeHost } from '../../runtime/fake-host.js'

export interface ContextOptions {
  readonly folder: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly cache?: Cache | undefined
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** The context of a training job over a folder, with settings as modelway.yml would give them. */
export function trainContext(
  options: ContextOptions,
): JobContext<TrainSection> & { readonly host: FakeHost } {
  const host = createFakeHost()
  return {
    host,
    settings: TrainSection.parse(options.settings),
    section: () => ({}),
    project: 'test',
    workspace: createWorkspace(options.folder),
    record: openRecord(join(options.folder, '.modelway')),
    run: host.run,
    log: host.log,
    signal: new AbortController().signal,
    now: () => new Date(0),
    dryRun: false,
    cache: options.cache,
    deployments: undefined,
    env: options.env ?? { PATH: process.env['PATH'] },
    distribution: new URL('file:///dist/'),
    saveState: () => undefined,
    mask: () => undefined,
  }
}
