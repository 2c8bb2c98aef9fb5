import * as z from 'zod'
import { Duration } from '../duration.js'
import { awsPlace } from './aws.js'

/** `deploy.lambda`: the alias of a Lambda function that users call. */
export const LambdaTarget = z.strictObject({
  ...awsPlace,
  function: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the name of a function')
    .describe('The function; the `name` of a version is the number of a published version.'),
  alias: z
    .string()
    .regex(/^(?!\d+$)[A-Za-z0-9_-]{1,128}$/, 'must be the name of an alias')
    .describe('The alias that users call; its weights are what is moved.'),
  timeout: Duration.default(60_000).describe('How long a change may take to be in force.'),
})
export type LambdaTarget = z.output<typeof LambdaTarget>
