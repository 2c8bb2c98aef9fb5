import * as z from 'zod'

/** Who may override the gate, and by how many. It is read from the base branch, so that a change cannot allow itself. */
export const GateOverrides = z.strictObject({
  allow: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Who may override the gate by commenting `/override-gate <reason>`: logins, or teams as `organisation/team`. They also need write permission.',
    ),
  require: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe('How many different people must override before the gate stops blocking.'),
  author: z
    .boolean()
    .default(false)
    .describe("Whether the pull request's author may be one of them."),
})
export type GateOverrides = z.output<typeof GateOverrides>
