import type { PlanItem } from '../../../domain/drift/acting/plan.js'
import type { IssueTrigger } from '../../../domain/drift/acting/trigger.js'
import { UserError } from '../../../errors.js'
import type { Issues, RollingIssueName } from '../../../ports/forge.js'
import { type Done, done, onlyPlanned, type TriggerWork } from './work.js'

/** Brings the rolling issue to what was found, or closes it where drift has ended. */
export async function performIssue(
  work: TriggerWork,
  trigger: IssueTrigger,
  item: PlanItem,
): Promise<Done> {
  const { event } = work.planning
  const ends = event.outcome === 'pass'
  if (item.action === 'hold' && !ends) return done(item, { fired: false })
  const { issue, issues } = work
  if (issues === undefined) throw noForge(ends)
  if (work.dryRun) return onlyTold(item, ends)
  const name = { project: event.project, workflow: issue.workflow, labels: trigger.labels }
  if (ends) return endIssue({ work, issues, item, name })
  const { url, change, unassigned } = await issues.report({
    ...name,
    title: `Drift: ${event.project}`,
    assignees: trigger.assignees,
    body: issue.body,
    about: issue.columns,
    comment: issue.changed,
  })
  if (unassigned) work.log.warn('The issue was written, but its assignees were refused.')
  const reason = `${item.reason}; the issue was ${change}`
  return done(item, { fired: true, at: work.now().toISOString(), url, reason })
}

function onlyTold(item: PlanItem, ends: boolean): Done {
  if (!ends) return onlyPlanned(item)
  const reason = 'an open issue would have been closed, but for the dry run: drift has ended'
  return done(item, { fired: false, reason })
}

interface IssueEnd {
  readonly work: TriggerWork
  readonly issues: Issues
  readonly item: PlanItem
  readonly name: RollingIssueName
}

async function endIssue({ work, issues, item, name }: IssueEnd): Promise<Done> {
  const closed = await issues.resolve(name, work.issue.ended)
  if (closed === undefined) return done(item, { fired: false })
  return done(item, {
    fired: false,
    url: closed.url,
    reason: 'drift has ended, and the issue was closed',
  })
}

function noForge(ends: boolean): UserError {
  return new UserError({
    code: 'MW-DRIFT-515',
    where: 'drift.triggers',
    what: `the issue cannot be ${ends ? 'closed' : 'written'} here: it is kept on GitHub, with a token.`,
    fix: 'Run it as a step of a workflow with the input github-token and "permissions: issues: write".',
  })
}
