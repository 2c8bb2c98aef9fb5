import * as z from 'zod'
import { COMMANDS } from '../../domain/rollout/commands.js'
import { PositiveDuration } from '../duration.js'
import { SpeakerPermission, Team } from './approval.js'

/** Where people see a rollout under way and speak to it. */
export const Live = z.strictObject({
  on: z
    .enum(['auto', 'pull-request', 'issue', 'off'])
    .default('auto')
    .describe(
      'Where the comment stands that shows the rollout while it goes on: the `pull-request` of the run or of its commit, one `issue` for each environment, or nowhere (`off`). `auto` is the pull request, where there is one.',
    ),
  every: PositiveDuration.default(60_000).describe(
    'The comment is written at most so often; each time takes three requests of the token.',
  ),
})

/** Who may speak to a rollout that is under way. */
export const Commands = z.strictObject({
  allow: z
    .array(z.enum(COMMANDS))
    .default([...COMMANDS])
    .describe(
      'Commands that a comment may give, each with the SHA: `/promote`, `/rollback`, `/hold`, `/resume`, `/status`.',
    ),
  permission: SpeakerPermission.default('maintain').describe(
    'What a person must be allowed to do in the repository to `/promote` or `/resume`.',
  ),
  'stop-permission': SpeakerPermission.default('write').describe(
    'The same for `/rollback`, `/hold` and `/status`.',
  ),
  team: Team.optional().describe(
    'Members of this team (`organisation/team`) may give every command, whatever their permission.',
  ),
  'prevent-self-promotion': z
    .boolean()
    .default(true)
    .describe(
      'Whether who made the change or started the run may not promote it past the evidence.',
    ),
})
