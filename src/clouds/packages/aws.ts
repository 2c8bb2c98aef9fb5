/** Stands in dist/shared once, for every action that signs in to AWS. */
export { defaultProvider } from '@aws-sdk/credential-provider-node'
