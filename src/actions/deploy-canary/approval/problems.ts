import { UserError } from '../../../errors.js'

/** Why a rollout is not begun: nothing has been changed when one of these is thrown. */

const WHERE = 'deploy.approval'

export function unknowable(missing: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-360',
    where: WHERE,
    what: `an approval is required, and cannot be found out here: ${missing}.`,
    fix: 'Run it as a job of a workflow with the input github-token and `permissions: actions: read`.',
  })
}

export function unprotected(environment: string, why: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-361',
    where: WHERE,
    what: `environment ${JSON.stringify(environment)} asks nobody: ${why}. Nothing was deployed.`,
    fix: "Add required reviewers to it in the repository's settings (Environments), or where the plan has none set deploy.approval.fallback to issue or comment.",
  })
}

export function notReviewed(environment: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-362',
    where: WHERE,
    what: `no reviewer has let this run into environment ${JSON.stringify(environment)}. Nothing was deployed.`,
    fix: 'Write `environment:` with that name at the job that deploys, so that GitHub asks its reviewers before the job starts.',
  })
}

export function selfApproved(environment: string, by: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-363',
    where: WHERE,
    what: `only ${JSON.stringify(by)}, who made the change or started the run, let it into ${JSON.stringify(environment)}. Nothing was deployed.`,
    fix: 'Let somebody else approve it, or set deploy.approval.prevent-self-approval: false.',
  })
}

export function noPullRequest(): UserError {
  return new UserError({
    code: 'MW-DEPLOY-364',
    where: 'deploy.approval.fallback',
    what: 'there is no pull request for this commit to ask in. Nothing was deployed.',
    fix: 'Set deploy.approval.fallback: issue.',
  })
}

export function denied(by: string, reason: string): UserError {
  const why = reason === '' ? '' : `: ${JSON.stringify(reason)}`
  return new UserError({
    code: 'MW-DEPLOY-365',
    where: WHERE,
    what: `${JSON.stringify(by)} has denied it${why}. Nothing was deployed.`,
    fix: 'Settle it with them; their later /approve counts instead.',
  })
}

export function unanswered(environment: string, thread: number): UserError {
  return new UserError({
    code: 'MW-DEPLOY-366',
    where: WHERE,
    what: `nobody has approved the rollout to ${JSON.stringify(environment)} in time (asked in number ${thread}). Nothing was deployed.`,
    fix: 'Approve it there and run the job again, or raise deploy.approval.timeout.',
  })
}
