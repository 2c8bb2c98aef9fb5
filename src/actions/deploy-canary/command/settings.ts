import * as z from 'zod'
import { Commands } from '../../../config/deploy/live.js'

/** Mode `command` takes of the deploy section only what says who may tell which rollout what. */
export const CommandSettings = z.looseObject({
  mode: z.literal('command'),
  environment: z.string().min(1).default('production'),
  commands: Commands.prefault({}),
})
export type CommandSettings = z.output<typeof CommandSettings>
