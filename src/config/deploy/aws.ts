import * as z from 'zod'

/** Where a service of AWS answers; keys of every section that calls one. */
export const awsPlace = {
  region: z
    .string()
    .regex(/^[a-z]{2,6}(-[a-z0-9]+){2,4}$/, 'must be a region such as eu-central-1')
    .optional()
    .describe('The region. Default: AWS_REGION, AWS_DEFAULT_REGION.'),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('The address of the API, where it is not that of AWS: a private endpoint.'),
}
