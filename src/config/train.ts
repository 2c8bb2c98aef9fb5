import * as z from 'zod'
import { OneOrMany } from './shared.js'

const ParameterValue = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** The `train` section of modelway.yml. */
export const TrainSection = z.strictObject({
  run: z
    .union([z.string().min(1), z.array(z.string()).min(1)])
    .describe(
      'The command. A list is a program and its arguments, started without a shell; a text is given to the shell.',
    ),
  backend: z.enum(['local']).default('local').describe('Where to train: `local` is this runner.'),
  params: z
    .record(z.string(), ParameterValue)
    .default({})
    .describe(
      'Parameters by name. The command finds them as JSON in `MODELWAY_PARAMS` and one by one in `MODELWAY_PARAM_<NAME>`.',
    ),
  model: OneOrMany.describe('The model files or folders that the command writes, one a line.'),
  metrics: z
    .string()
    .min(1)
    .optional()
    .describe('A JSON file of numbers by name that the command writes.'),
  predictions: z
    .string()
    .min(1)
    .optional()
    .describe('The predictions that the command writes, for the gate.'),
  code: OneOrMany.optional().describe(
    'The files that the fingerprint covers as code: globs. Default: the files that git tracks or does not ignore, without data, outputs, registry and router state.',
  ),
  'timeout-minutes': z
    .number()
    .positive()
    .max(60 * 24 * 35)
    .default(360)
    .describe('After this long the command is stopped and the step fails.'),
  'skip-unchanged': z
    .boolean()
    .default(true)
    .describe(
      'Skip the command when code, data, parameters, environment and command are as in an earlier run.',
    ),
})
export type TrainSection = z.output<typeof TrainSection>
