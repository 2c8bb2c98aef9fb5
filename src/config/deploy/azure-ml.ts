import * as z from 'zod'
import { Duration } from '../duration.js'
import { AZURE_ML_NAME, azure } from './azure.js'

/** `deploy.azure-ml`: an online endpoint of Azure Machine Learning. */
export const AzureMlTarget = z.strictObject({
  subscription: z.guid().describe('The id of the subscription.'),
  'resource-group': z
    .string()
    .regex(/^[-\w.()]{0,89}[-\w()]$/, 'must be the name of a resource group')
    .describe('The resource group of the workspace.'),
  workspace: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]{2,32}$/, 'must be the name of a workspace')
    .describe('The workspace.'),
  'online-endpoint': z
    .string()
    .regex(AZURE_ML_NAME, 'must be the name of an online endpoint')
    .describe('The online endpoint; a version is the name of one of its deployments.'),
  ...azure,
  timeout: Duration.default(900_000).describe('How long a change of traffic may take.'),
})
export type AzureMlTarget = z.output<typeof AzureMlTarget>
