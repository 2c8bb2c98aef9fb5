import { join } from 'node:path'
import { parse } from 'yaml'
import { type DriftCheckPorts, driftCheck } from '../../../../src/actions/drift-check/run.js'
import { openDataSource } from '../../../../src/adapters/data/index.js'
import { importDrift } from '../../../../src/adapters/telemetry/monitors/index.js'
import { DriftSection } from '../../../../src/config/drift.js'
import { createWorkspace } from '../../../../src/files/workspace.js'
import type { Forge } from '../../../../src/ports/forge.js'
import type { RunFacts } from '../../../../src/ports/host.js'
import type { JobContext, JobOutcome } from '../../../../src/runtime/job.js'
import { openRecord } from '../../../../src/statements/record.js'
import { DriftPredicate } from '../../../../src/statements/schemas/drift.js'
import { createFakeHost, type FakeHost } from '../../runtime/fake-host.js'

export interface DriftContextOptions {
  readonly folder: string
  /** A whole modelway.yml, or its drift section alone. */
  readonly config: string
  readonly now?: string
  readonly dryRun?: boolean
  readonly signal?: AbortSignal
  readonly run?: Partial<RunFacts>
  readonly forge?: Forge | undefined
}

/** The context of a drift check's job over a folder. */
export function driftContext(
  options: DriftContextOptions,
): JobContext<DriftSection> & { readonly host: FakeHost } {
  const host = createFakeHost()
  const parsed = parse(options.config) as Record<string, Record<string, unknown>>
  const sections = Object.hasOwn(parsed, 'drift') ? parsed : { drift: parsed }
  return {
    host,
    settings: DriftSection.parse(sections['drift']),
    section: (name) => (sections as Record<string, Record<string, unknown>>)[name] ?? {},
    project: 'naïve test',
    workspace: createWorkspace(options.folder),
    record: openRecord(join(options.folder, '.modelway')),
    run: { ...host.run, ...options.run },
    log: host.log,
    signal: options.signal ?? new AbortController().signal,
    now: () => new Date(options.now ?? '2024-06-01T00:00:00Z'),
    dryRun: options.dryRun ?? false,
    cache: undefined,
    deployments: undefined,
    forge: options.forge,
    configFile: 'modelway.yml',
    inputs: {},
    env: {},
    distribution: new URL('file:///no-such-folder/'),
    saveState: () => undefined,
    mask: () => undefined,
  }
}

/** Ports of which nothing is reached but files, unless the test gives more. */
export function driftPorts(
  { workspace, log }: JobContext<DriftSection>,
  more: Partial<DriftCheckPorts> = {},
): DriftCheckPorts {
  const unexpected = (what: string) => async () => {
    throw new Error(`${what} was not expected`)
  }
  return {
    openSource: (source) => openDataSource(source, { workspace, log }),
    openRegistry: unexpected('a registry'),
    openEngine: unexpected('an engine'),
    importDrift: async (given) => importDrift(given),
    readOperational: unexpected('Prometheus'),
    sendMetrics: unexpected('metrics'),
    openSender: unexpected('a sender'),
    openLedger: unexpected('a ledger'),
    ...more,
  }
}

/** Runs the check, and gives the outcome with the statement's predicate as its schema reads it. */
export async function checkDrift(
  options: DriftContextOptions,
  more: Partial<DriftCheckPorts> = {},
): Promise<{
  readonly outcome: JobOutcome
  readonly predicate: DriftPredicate
  readonly host: FakeHost
}> {
  const context = driftContext(options)
  const outcome = await driftCheck(context, driftPorts(context, more))
  const predicate = DriftPredicate.parse(JSON.parse(JSON.stringify(outcome.predicate)))
  return { outcome, predicate, host: context.host }
}

/** A CSV file of one line a row. */
export function csv(header: string, rows: number, row: (index: number) => string): string {
  return `${header}\n${Array.from({ length: rows }, (_, i) => row(i)).join('\n')}\n`
}

/** Numbers that look drawn at random from 0 to 1, always the same. */
export function spread(index: number): number {
  return (index * 0.618_033_988_749_895) % 1
}
