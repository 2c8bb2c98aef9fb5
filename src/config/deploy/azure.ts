import * as z from 'zod'

/** Which Azure, and another address for it; part of each section that asks one. */
export const azure = {
  cloud: z
    .enum(['public', 'us-government', 'china'])
    .default('public')
    .describe('Which Azure: its addresses, and who signs in to it.'),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .refine(isSafe, 'must begin with https://, or be on this machine')
    .optional()
    .describe(
      'Another address of its API, such as a private endpoint. Default: that of the cloud.',
    ),
}

function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
}

/** Endpoints and deployments of Azure Machine Learning are named alike. */
export const AZURE_ML_NAME = /^[A-Za-z][A-Za-z0-9-]{1,30}[A-Za-z0-9]$/
