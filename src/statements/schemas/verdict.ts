import * as z from 'zod'
import type { DeepReadonly } from './deep-readonly.js'

/** What later steps read of a verdict; the gate writes more (see docs/statements.md). */
export const VerdictPredicate = z.object({
  decision: z.enum(['pass', 'warn', 'fail', 'inconclusive']),
  failOn: z.enum(['inconclusive', 'fail', 'never']),
  predictions: z.object({ path: z.string(), sha256: z.string() }),
})
export type VerdictPredicate = DeepReadonly<z.output<typeof VerdictPredicate>>
