import * as z from 'zod'

/** Mode `command` takes no key of the gate's section but `mode`: who may override is read from the base branch. */
export const CommandSettings = z.looseObject({ mode: z.literal('command') })
export type CommandSettings = z.output<typeof CommandSettings>
