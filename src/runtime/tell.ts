import { dirname } from 'node:path'
import type { Comments, Host } from '../ports/host.js'
import { attempt } from './attempt.js'
import type { ActionContract } from './contract.js'
import type { JobOutcome, JobReport } from './job.js'
import type { CommonSettings } from './settings.js'

interface TellContext {
  readonly contract: ActionContract
  readonly outcome: JobOutcome | JobReport
  readonly common: CommonSettings
  readonly host: Host
  readonly report: string | undefined
}

/** Summary, annotations and comment: none of them can change what was decided. */
export async function tell(context: TellContext): Promise<void> {
  const { host } = context
  await attempt('The annotations', host, async () =>
    host.feedback.annotate(context.outcome.annotations ?? []),
  )
  await attempt('The job summary', host, () => host.feedback.summarize(context.outcome.markdown))
  const reportUrl = await uploadReport(context)
  await comment(context, reportUrl ?? host.run.runUrl)
}

/** The report as an artifact of the run, for the link in the comment. */
async function uploadReport({ contract, host, report }: TellContext): Promise<string | undefined> {
  const { artifacts, run } = host
  if (artifacts === undefined || report === undefined) return undefined
  const name = ['modelway', contract.name, run.job, run.runAttempt].filter(Boolean).join('-')
  let url: string | undefined
  await attempt('The report artifact', host, async () => {
    url = (await artifacts.upload(name, [report], dirname(report))).url
  })
  return url
}

async function comment(
  { contract, outcome, common, host }: TellContext,
  reportUrl: string | undefined,
): Promise<void> {
  const { commentOn = host.run.pullRequest } = outcome
  if (common.dryRun || common.comment === 'off' || commentOn === 'none') return
  if (common.comment === 'auto' && commentOn === undefined) return
  const comments = commentsOn(commentOn, host)
  if (comments === undefined) {
    host.log.warn('The comment was not written: this run has no token or no pull request.')
    return
  }
  await attempt('The comment', host, async () => {
    const { url } = await comments.publish({
      project: common.project ?? host.run.repository ?? 'modelway',
      workflow: outcome.commentWorkflow ?? host.run.workflow ?? 'modelway',
      section: contract.name,
      markdown: outcome.markdown,
      reportUrl,
    })
    if ('comment-url' in contract.outputs) host.io.setOutput('comment-url', url)
  })
}

/** The run's own pull request, or one that only the forge could name. */
function commentsOn(pullRequest: number | undefined, host: Host): Comments | undefined {
  if (pullRequest === undefined || pullRequest === host.run.pullRequest) return host.comments
  return host.forge?.commentsOn(pullRequest)
}
