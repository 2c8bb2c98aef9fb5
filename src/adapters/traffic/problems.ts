import { UserError } from '../../errors.js'
import type { Backend } from '../../ports/traffic.js'

interface ChangedTraffic {
  readonly weight: number
  readonly rollout?: { readonly id: string } | null | undefined
}

/** What a user can mend about a rollout, on any target (`where`). */
export const trafficProblems = (where: string) => ({
  changed: (now: ChangedTraffic) =>
    new UserError({
      code: 'MW-DEPLOY-004',
      where,
      what: `somebody else has changed the traffic meanwhile (weight ${now.weight}, rollout ${now.rollout?.id ?? 'none'}).`,
      fix: 'See who did, and start the rollout again.',
    }),
  busy: (rollout: { readonly id: string; readonly owner: string }) =>
    new UserError({
      code: 'MW-DEPLOY-005',
      where,
      what: `rollout ${rollout.id} of ${rollout.owner} is still under way`,
      fix: 'Let it end, or end it with mode: rollback.',
    }),
  sameVersion: (version: string) =>
    new UserError({
      code: 'MW-DEPLOY-006',
      where: 'deploy.backends.canary',
      what: `stable and canary are both version "${version}"`,
      fix: 'Give each version its own name; this one may be deployed already.',
    }),
  notReady: (backend: Backend, path: string) =>
    new UserError({
      code: 'MW-DEPLOY-007',
      where: backend.url ?? where,
      what: `version "${backend.version}" does not answer ${path} with 2xx; traffic is unchanged`,
      fix: 'Start it, or name its health check with deploy.health-path.',
    }),
  noCanary: () =>
    new UserError({
      code: 'MW-DEPLOY-011',
      where,
      what: 'there is no canary to promote',
      fix: 'Start a rollout with mode: canary or direct.',
    }),
  noPrevious: () =>
    new UserError({
      code: 'MW-DEPLOY-012',
      where,
      what: 'there is no earlier version to go back to',
      fix: 'Deploy the wanted version with mode: direct.',
    }),
})
