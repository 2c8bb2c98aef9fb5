import * as z from 'zod'

const Arm = z
  .strictObject({
    n: z.int().min(0).describe('Requests in the interval.'),
    events: z.int().min(0).describe('Requests in which the event happened.'),
  })
  .refine(({ n, events }) => events <= n, 'there are more events than requests')

const Interval = z.strictObject({
  canary: Arm.describe('The new version.'),
  stable: Arm.describe('The version in use, over the same time.'),
})

/** What two versions did, interval by interval. */
export const Intervals = z
  .array(Interval)
  .describe('Counts by interval, oldest first; never cumulated.')
