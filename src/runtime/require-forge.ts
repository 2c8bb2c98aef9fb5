import { UserError } from '../errors.js'
import type { Forge } from '../ports/forge.js'
import type { JobContext } from './job.js'

/** The forge, for a mode that is nothing without it. */
export function requireForge(context: Pick<JobContext<unknown>, 'forge'>): Forge {
  if (context.forge !== undefined) return context.forge
  throw new UserError({
    code: 'MW-HOST-020',
    where: 'mode',
    what: 'this mode works on GitHub only, in a repository and with a token.',
    fix: 'Run it as a step of a workflow, with the input github-token; at a terminal, use another mode.',
  })
}
