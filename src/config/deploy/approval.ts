import * as z from 'zod'
import { PositiveDuration } from '../duration.js'

/** Permissions that let a person speak, as GitHub names them. */
export const SpeakerPermission = z.enum(['admin', 'maintain', 'write'])

/** A team, as `organisation/team`. */
export const Team = z
  .string()
  .regex(
    /^@?[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[A-Za-z0-9._-]+$/,
    'must be organisation/team',
  )
  .transform((team) => team.replace(/^@/, ''))

/** Who must say yes before users meet a new version. */
export const Approval = z.strictObject({
  require: z
    .enum(['none', 'reviewers', 'any'])
    .default('none')
    .describe(
      '`reviewers`: the environment must have required reviewers, and one of them must have approved this run; `any`: an approval of either kind is enough; `none`: nobody is asked. A rollback never waits.',
    ),
  fallback: z
    .enum(['none', 'issue', 'comment'])
    .default('none')
    .describe(
      'Where the environment has no required reviewers (a private repository needs a plan with them): ask in one `issue`, or in a `comment` on the pull request, for `/approve <SHA>` or `/deny <SHA>`.',
    ),
  permission: SpeakerPermission.default('maintain').describe(
    'What a person whose comment counts must at least be allowed to do in the repository.',
  ),
  team: Team.optional().describe(
    'Members of this team (`organisation/team`) may answer too, whatever their permission.',
  ),
  'prevent-self-approval': z
    .boolean()
    .default(true)
    .describe('Whether who made the change or started the run may not be the one who approves.'),
  timeout: PositiveDuration.default(3_600_000).describe(
    'How long the job waits for an answer; a later run for the same commit and model finds an answer that came after.',
  ),
  'valid-for': PositiveDuration.default(86_400_000).describe(
    'How long a question and its answers hold for the same commit and model; later it is asked again.',
  ),
})
export type Approval = z.output<typeof Approval>
