import * as z from 'zod'
import { Duration } from '../duration.js'
import { GoogleEndpoint, GoogleLocation, GoogleProject } from './google.js'

/** `deploy.vertex-ai`: the traffic of one endpoint of Vertex AI, by deployed models. */
export const VertexAiTarget = z.strictObject({
  project: GoogleProject,
  location: GoogleLocation,
  'endpoint-id': z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,63}$/, 'must be the id of an endpoint')
    .describe(
      'The id of the endpoint; a version is the id of one of its deployed models: digits only.',
    ),
  deploy: z
    .strictObject({
      model: z
        .string()
        .regex(
          /^projects\/[^/\s]+\/locations\/[^/\s]+\/models\/[^/\s]+$/,
          'must be projects/…/locations/…/models/…, with @version where it has versions',
        )
        .describe('The model of the canary, such as projects/p/locations/l/models/churn@3.'),
      'machine-type': z
        .string()
        .min(1)
        .describe('The machine that serves it, such as n1-standard-4.'),
      'min-replicas': z.int().min(1).default(1).describe('Machines at least.'),
      'max-replicas': z.int().min(1).optional().describe('Machines at most; else as many.'),
      'accelerator-type': z.string().min(1).optional().describe('Such as NVIDIA_L4.'),
      'accelerator-count': z.int().min(1).optional().describe('Accelerators of each machine.'),
      'service-account': z.email().optional().describe('The account that its container runs as.'),
    })
    .optional()
    .describe(
      "Deploys the canary where the endpoint does not have it: under the id that is the canary's name, of 1 to 10 digits of your own, such as the number of the run. Without it the canary must be deployed already.",
    ),
  endpoint: GoogleEndpoint.optional().describe(
    'The address of the API. Default: that of the location.',
  ),
  timeout: Duration.default(1_800_000).describe('How long a deployment of the canary may take.'),
})
export type VertexAiTarget = z.output<typeof VertexAiTarget>
