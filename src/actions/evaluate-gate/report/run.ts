import { code, escapeMarkdown } from '../../../domain/report/escape.js'
import { verdictMarkdown } from '../../../domain/report/verdict/markdown.js'
import { UserError } from '../../../errors.js'
import type { Forge, PullRequestFacts } from '../../../ports/forge.js'
import type { RunFacts, TriggeringRun } from '../../../ports/host.js'
import type { JobContext, JobReport } from '../../../runtime/job.js'
import { findChange } from './change.js'
import type { ReportSettings } from './settings.js'
import { type FoundVerdict, readVerdict } from './verdict-artifact.js'

/** What of the forge a report needs: `pull-requests: read` and `actions: read`. */
export type ReportForge = Pick<Forge, 'pulls' | 'runArtifacts'>

/**
 * Writes the comment for a verdict that a run without rights made (a pull request from a fork). It decides nothing: whether the
 * gate passed is the conclusion of that run's own job. The verdict is the fork's word, and is shown as such.
 */
export async function runReport(
  context: Pick<JobContext<ReportSettings>, 'run' | 'log'>,
  { pulls, runArtifacts }: ReportForge,
): Promise<JobReport> {
  const triggering = requireTriggeringRun(context.run)
  const { pull, why } = await findChange(triggering, pulls)
  if (pull === undefined) return nothingToSay(why)
  const found = await readVerdict(triggering.id, triggering.headSha, runArtifacts)
  // What was pushed during the download is newer than this verdict.
  const now = await pulls.get(pull.number)
  if (now?.headSha !== triggering.headSha) {
    return nothingToSay(
      `The verdict is older than the pull request's head: it is for ${triggering.headSha}.`,
    )
  }
  return report(found, { pull, triggering, run: context.run })
}

function requireTriggeringRun({ triggeringRun, event }: RunFacts): TriggeringRun {
  if (triggeringRun !== undefined) return triggeringRun
  throw new UserError({
    code: 'MW-HOST-021',
    where: 'gate.mode',
    what: `mode report needs the event workflow_run; this run is for ${event ?? 'no event'}.`,
    fix: 'See action-templates/modelway-gate-report.yml.',
  })
}

function nothingToSay(why: string): JobReport {
  return {
    outputs: {},
    reason: `Gate report: nothing was written. ${why}`,
    markdown: `Gate report: nothing was written. ${escapeMarkdown(why)}\n`,
    commentOn: 'none',
  }
}

interface About {
  readonly pull: PullRequestFacts
  readonly triggering: TriggeringRun
  readonly run: RunFacts
}

function report(found: FoundVerdict, about: About): JobReport {
  const { pull, triggering } = about
  const where = `pull request ${pull.number}`
  const said =
    found.verdict === undefined
      ? { markdown: noVerdict(found.why), what: `no verdict to show, since ${found.why}` }
      : {
          markdown: verdictMarkdown(found.verdict, { selfReported: true }),
          what: `a self-reported verdict (${found.verdict.decision})`,
        }
  return {
    outputs: { sha: triggering.headSha, 'pull-request': pull.number },
    reason: `Gate report on ${where}: ${said.what}. This job does not gate.`,
    markdown: `${said.markdown.trimEnd()}\n\n${footer(about)}\n`,
    commentOn: pull.number,
    ...(found.verdict === undefined
      ? { annotations: [{ level: 'warning', title: 'Gate report', message: said.what }] }
      : {}),
  }
}

function noVerdict(why: string): string {
  return `❔ **No verdict**: the run of this pull request has none that can be shown, since ${escapeMarkdown(why)}.`
}

/** The link is made of what GitHub says about the run, and of nothing that the run says. */
function footer({ triggering, run }: About): string {
  const { serverUrl, repository } = run
  const commit = code(triggering.headSha.slice(0, 12))
  const link =
    serverUrl === undefined || repository === undefined
      ? `run ${triggering.id}`
      : `[run ${triggering.id}](${serverUrl}/${repository}/actions/runs/${triggering.id})`
  const conclusion =
    triggering.conclusion === undefined ? '' : `, which ended with ${code(triggering.conclusion)}`
  return `Reported from ${link}${conclusion}, for commit ${commit}. This report does not gate: the conclusion of that run's own job does.`
}
