import * as z from 'zod'

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const SHAPE = 'must be a time such as 500ms, 5s, 2m, 1h or 1d'

/** A time such as `500ms`, `5s`, `2m`, `1h` or `1d`, read as milliseconds. */
export const Duration = z
  .string({ error: SHAPE })
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, SHAPE)
  .transform((text) => {
    const unit = /[a-z]+$/.exec(text)?.[0] ?? 'ms'
    return Math.round(Number(text.slice(0, -unit.length)) * (UNITS[unit] ?? 1))
  })

/** A time that lasts: of none nothing could be compared, counted or waited for. */
export const PositiveDuration = Duration.refine(
  (milliseconds) => milliseconds >= 1,
  'must be longer than 0',
)
