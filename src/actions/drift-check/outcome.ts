import type { DriftSection } from '../../config/drift.js'
import type { TriggerResult } from '../../domain/drift/acting/result.js'
import { driftMarkdown } from '../../domain/report/drift/markdown.js'
import { countOf, upperFirst } from '../../domain/report/words.js'
import type { Annotation } from '../../ports/host.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import { linkTo, type RecordStore } from '../../statements/record.js'
import type { InputLink, Subject } from '../../statements/statement.js'
import type { Judged } from './judged.js'
import type { Verdict } from './verdict.js'
import { windowName } from './windows.js'

/** What was set off, and what went wrong in that. */
export interface Acted {
  readonly triggers: readonly TriggerResult[]
  readonly annotations: readonly Annotation[]
}

/** The statement, the outputs and what people read. */
export function outcomeOf(
  { settings, record }: Pick<JobContext<DriftSection>, 'settings' | 'record'>,
  judged: Judged,
  { verdict, acted }: { readonly verdict: Verdict; readonly acted: Acted },
): JobOutcome {
  const predicate = predicateOf(settings, judged, { verdict, acted })
  const drifted = predicate.columns.filter((column) => column.drifted)
  return {
    subject: judged.subject,
    predicate,
    inputs: linksBehind(record),
    decision: verdict.decision,
    failOn: settings['fail-on'],
    outputs: {
      drifted: drifted.map(({ name }) => onOneLine(name)).join('\n'),
      'drifted-share': predicate.driftedShare,
    },
    details: { triggers: acted.triggers },
    reason: `Drift: ${verdict.decision}. ${upperFirst(verdict.reason)}.`,
    annotations: [
      ...drifted.map((column) => ({
        level: 'warning' as const,
        title: 'Drift',
        message: `${column.name}${column.critical ? ' (critical)' : ''}: ${column.reason}`,
      })),
      ...acted.annotations,
    ],
    markdown: driftMarkdown(predicate),
  }
}

/** A line break in a name would make two names of it: it is written as in JSON, and a backslash doubled where there is one. */
function onOneLine(name: string): string {
  if (!BREAKS.test(name)) return name
  return JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replace(MORE_BREAKS, escaped)
}

const BREAKS = /[\n\r\v\f\u0085\u2028\u2029]/
/** Line breaks that JSON leaves as they are. */
const MORE_BREAKS = /[\u0085\u2028\u2029]/g

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

const MOST_OPEN = 20

/** Says in the log what was judged, what the windows before came to, and what is held back until it is confirmed. */
export function tellJudged(
  { log }: Pick<JobContext<DriftSection>, 'log'>,
  { last, earlier, state }: Judged,
): void {
  for (const { window, body } of earlier) {
    if (window !== undefined) log.info(`${windowName(window)}: ${body.decision}: ${body.reason}`)
  }
  if (last.window !== undefined) {
    const rows = state === 'judged' ? `, ${countOf(last.body.rows.current, 'row')}` : ''
    log.info(`The window that decides: ${windowName(last.window)}${rows}`)
  }
  const waiting = last.body.columns.filter(({ status }) => status === 'unconfirmed')
  for (const { name, reason } of waiting.slice(0, MOST_OPEN))
    log.info(`not yet confirmed: ${JSON.stringify(name)}: ${reason}`)
  const rest = waiting.length - MOST_OPEN
  if (rest > 0) log.info(`not yet confirmed: ${rest} more, which the report names`)
}

/** Names in the log what could not be judged, which has no annotation: it is not drift, and not its absence. */
export function tellOpen({ log }: Pick<JobContext<DriftSection>, 'log'>, { last }: Judged): void {
  const open = last.body.columns.filter(({ status }) => status === 'inconclusive')
  for (const { name, reason } of open.slice(0, MOST_OPEN))
    log.info(`not judged: ${JSON.stringify(name)}: ${reason}`)
  const rest = open.length - MOST_OPEN
  if (rest > 0) log.info(`not judged: ${rest} more, which the report names`)
}

/** What the statement says. */
export function predicateOf(
  { engine }: Pick<DriftSection, 'engine'>,
  judged: Judged,
  { verdict, acted }: { readonly verdict: Verdict; readonly acted: Acted },
) {
  const { last, earlier, extras, state, reference, history } = judged
  return {
    ...last.body,
    ...verdict,
    state,
    window: last.window === undefined ? null : windowName(last.window),
    reference: { files: reference.map(fileOf) },
    ...(earlier.length === 0 ? {} : { earlier: earlier.map(briefly) }),
    ...extras,
    ...(history === undefined ? {} : { history }),
    engine,
    triggers: acted.triggers,
  }
}

function fileOf({ name, digest }: Subject): { path: string; sha256: string } {
  return { path: name, sha256: digest.sha256 }
}

function briefly({ window, body }: Judged['last']) {
  return {
    window: window === undefined ? null : windowName(window),
    decision: body.decision,
    rows: body.rows,
    driftedShare: body.driftedShare,
    drifted: body.columns.filter((column) => column.drifted).map(({ name }) => name),
  }
}

/** The rollout that put the model where this data reaches it; before any rollout, the model or the data set. */
function linksBehind(record: RecordStore): readonly InputLink[] {
  for (const kind of ['rollout', 'model', 'dataset'] as const) {
    const recorded = record.read(kind)
    if (recorded !== undefined) return [linkTo(recorded)]
  }
  return []
}
