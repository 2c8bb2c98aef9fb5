import * as z from 'zod'

/** Which decisions block. */
export const FailOnSchema = z
  .enum(['inconclusive', 'fail', 'never'])
  .default('inconclusive')
  .describe(
    'Which decisions fail the step: `inconclusive` (fail and inconclusive both do), `fail`, or `never`.',
  )

/** One item or a list of them, always read as a list. */
export const OneOrMany = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((value) =>
    typeof value === 'string'
      ? value
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '')
      : value,
  )
  .pipe(z.array(z.string().min(1)).min(1))
