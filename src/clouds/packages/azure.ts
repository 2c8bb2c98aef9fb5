/** Stands in dist/shared once, for every action that signs in to Azure. */
export { DefaultAzureCredential } from '@azure/identity'
