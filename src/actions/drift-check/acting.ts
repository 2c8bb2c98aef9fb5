import { hostname } from 'node:os'
import { join } from 'node:path'
import type { DriftSection } from '../../config/drift.js'
import { type DriftEvent, driftedNames } from '../../domain/drift/acting/event.js'
import type { EventTrigger, TriggerOutcome } from '../../domain/drift/acting/trigger.js'
import { escapeMarkdown } from '../../domain/report/escape.js'
import type { EventSender, TriggerLedger } from '../../ports/events.js'
import type { JobContext } from '../../runtime/job.js'
import { createRedaction, secretsIn } from '../../secrets.js'
import { digestOf } from '../../statements/canonical.js'
import { dataDigest, dataName } from './data-name.js'
import type { Judged } from './judged.js'
import type { IssueTexts, TriggersOutcome } from './triggers/work.js'
import { performTriggers } from './triggers.js'
import type { Verdict } from './verdict.js'
import { windowName } from './windows.js'

/** What the job needs of the world to set something off. */
export interface ActingPorts {
  readonly openSender: (trigger: EventTrigger) => Promise<EventSender>
  readonly openLedger: (place: {
    readonly project: string
    readonly workflow: string
    readonly file: string | undefined
    readonly defaultFile: string
    readonly firings: number
  }) => Promise<TriggerLedger>
}

interface Found {
  readonly judged: Judged
  readonly verdict: Verdict
  /** The drift's section of the summary: the body of the issue. */
  readonly markdown: string
}

/** Sets off what the settings name. Nothing that fails here changes the decision. */
export function act(
  context: JobContext<DriftSection>,
  ports: ActingPorts,
  found: Found,
): Promise<TriggersOutcome> {
  const { settings, project, workspace, record, run, forge, log, dryRun, signal, now } = context
  const workflow = run.workflow ?? 'modelway'
  const { record: given, ...guard } = settings.guard
  const file = given === undefined ? undefined : workspace.resolve(given, 'drift.guard.record')
  const defaultFile = join(record.directory, 'triggers.jsonl')
  const firings = guard.budget?.most ?? 1
  return performTriggers({
    triggers: settings.triggers,
    planning: {
      guard,
      event: eventOf(context, found),
      rows: found.judged.last.body.rows.current,
      // Outside of a forge every run has a name of its own.
      run: {
        id: run.runId ?? `${hostname()}-${process.pid}-${now().getTime()}`,
        attempt: run.runAttempt ?? 1,
      },
      digest: (value) => digestOf(value).slice('sha256:'.length),
    },
    issue: issueTexts(found, workflow),
    openSender: ports.openSender,
    openLedger: () => ports.openLedger({ project, workflow, file, defaultFile, firings }),
    issues: forge?.issues,
    log,
    dryRun,
    signal,
    now,
    hide: createRedaction(secretsIn(context.env)),
  })
}

function eventOf(
  { project, run, now }: JobContext<DriftSection>,
  { judged, verdict }: Found,
): DriftEvent {
  const drifted = judged.last.body.columns.filter((column) => column.drifted)
  const outcome: TriggerOutcome = judged.state === 'judged' ? verdict.decision : 'no-data'
  return {
    project,
    repository: run.repository,
    serverUrl: run.serverUrl,
    outcome,
    decision: verdict.decision,
    reason: verdict.reason,
    ...driftedNames(drifted.map(({ name }) => name)),
    window: windowOf(judged),
    digest: dataDigest(judged),
    runUrl: run.runUrl,
    at: now().toISOString(),
  }
}

/** The same for every run on the same data. */
function windowOf(judged: Judged): string {
  const { window } = judged.last
  return window === undefined ? dataName(judged) : windowName(window)
}

function issueTexts({ judged, verdict, markdown }: Found, workflow: string): IssueTexts {
  const columns = judged.last.body.columns.filter((one) => one.drifted).map(({ name }) => name)
  const listed = columns.slice(0, 20).map(escapeMarkdown).join(', ')
  const rest = columns.length > 20 ? ` and ${columns.length - 20} more` : ''
  return {
    workflow,
    body: markdown,
    columns,
    changed: `Drifted now: ${listed === '' ? 'no single column' : listed}${rest}. ${escapeMarkdown(verdict.reason)}.`,
    ended: `No drift any more: ${escapeMarkdown(verdict.reason)}.`,
  }
}
