/** Stands in dist/shared once, for every action that signs in to Google. */
export { GoogleAuth } from 'google-auth-library'
