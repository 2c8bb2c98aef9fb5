import * as z from 'zod'
import { Duration } from '../duration.js'
import { GoogleEndpoint, GoogleLocation, GoogleProject } from './google.js'

/** What a service or a revision of Cloud Run can be called. */
export const CLOUD_RUN_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/

/** `deploy.cloud-run`: the traffic of one service of Cloud Run, by revisions. */
export const CloudRunTarget = z.strictObject({
  project: GoogleProject,
  location: GoogleLocation,
  service: z
    .string()
    .regex(CLOUD_RUN_NAME, 'must be the name of a service')
    .describe(
      'The service; a version is the name of one of its revisions. Deploy the canary without traffic (`gcloud run deploy --no-traffic`). Traffic to the latest revision is pinned to the stable one by the first change.',
    ),
  endpoint: GoogleEndpoint.default('https://run.googleapis.com').describe(
    'The address of the Cloud Run Admin API.',
  ),
  timeout: Duration.default(300_000).describe('How long a change may take to be in force.'),
})
export type CloudRunTarget = z.output<typeof CloudRunTarget>
