import * as z from 'zod'

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/

/** An address of an API: https, or on this machine; no more than host and path. */
export const GoogleEndpoint = z
  .url({ protocol: /^https?$/ })
  .regex(/^[^@?#]+$/, 'must hold neither a user nor a query')
  .refine(
    (text) =>
      URL.canParse(text) &&
      (new URL(text).protocol === 'https:' || LOOPBACK.test(new URL(text).hostname)),
    'must begin with https://',
  )

export const GoogleProject = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.:-]{2,98}$/, 'must be the id or the number of a project')
  .describe("The project's id.")

export const GoogleLocation = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/, 'must be a region such as europe-west1')
  .describe('The region, such as europe-west1.')
