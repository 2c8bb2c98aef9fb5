import * as z from 'zod'
import { UserError } from '../../../errors.js'
import type { KeptRollout } from '../../../ports/rollout-store.js'
import { jsonOf } from '../json-text.js'

const Backend = z.object({
  version: z.string().min(1),
  url: z.string().optional(),
  name: z.string().optional(),
  pid: z.int().positive().optional(),
  model: z.unknown().optional(),
})

const Kept = z.object({
  schema: z.literal(1),
  stable: Backend,
  canary: Backend.optional(),
  previous: Backend.optional(),
  rollout: z
    .object({
      id: z.string().min(1),
      owner: z.string(),
      state: z.unknown(),
      deployment: z.string().optional(),
      driver: z.object({ host: z.string(), pid: z.int(), until: z.string() }).optional(),
    })
    .optional(),
  seenAs: z.object({ stable: z.string().optional(), canary: z.string().optional() }).optional(),
})

/** A rollout as it is kept: one line of JSON. */
export function keptText(kept: KeptRollout): string {
  return `${JSON.stringify({ schema: 1, ...kept })}\n`
}

/** The rollout in a text; `where` names the place for people. */
export function parseKept(text: string, where: string): KeptRollout {
  const parsed = Kept.safeParse(jsonOf(text))
  if (parsed.success) {
    const { schema: _schema, ...kept } = parsed.data
    return kept
  }
  throw new UserError({
    code: 'MW-DEPLOY-053',
    where,
    what: 'this is no record of a rollout that this version of Modelway can read.',
    fix: 'Finish the rollout with the version that wrote it; or see by hand that all traffic is on one version, and delete the record.',
  })
}

/** Another hand has written the record since it was read. */
export function overtaken(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-050',
    where,
    what: 'another run has changed the record of the rollout meanwhile.',
    fix: 'See which run drives it, and let one at a time deploy to an environment (concurrency).',
  })
}
