import * as z from 'zod'
import { safeUrl } from './safe-url.js'

/** Which Azure, and another address for it; part of each section that asks one. */
export const azure = {
  cloud: z
    .enum(['public', 'us-government', 'china'])
    .default('public')
    .describe('Which Azure: its addresses, and who signs in to it.'),
  endpoint: safeUrl(
    'Another address of its API, such as a private endpoint. Default: that of the cloud.',
  ),
}

/** Endpoints and deployments of Azure Machine Learning are named alike. */
export const AZURE_ML_NAME = /^[A-Za-z][A-Za-z0-9-]{1,30}[A-Za-z0-9]$/
