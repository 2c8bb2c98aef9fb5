import * as z from 'zod'

const Percent = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?%?$/, 'must be a percentage')])
  .transform((value) => (typeof value === 'number' ? value : Number(value.replace('%', ''))))
  .pipe(z.number().gt(0).max(100))

/** `linear 10`: 10, 20, … 100. */
function linear(text: string): (string | number)[] | undefined {
  const match = /^linear\s+(\d+(?:\.\d+)?)%?$/.exec(text.trim())
  const by = Number(match?.[1])
  if (!(by >= 1)) return undefined
  return Array.from({ length: Math.ceil(100 / by) }, (_, i) => Math.min(100, by * (i + 1)))
}

/** Weights of the canary in percent: a list, one text with spaces or commas between, or `linear 10`. */
export const Steps = z
  .union([
    z.array(Percent).min(1),
    z
      .string()
      .transform((text): (string | number)[] => linear(text) ?? text.trim().split(/[\s,]+/))
      .pipe(z.array(Percent).min(1)),
  ])
  .refine((steps) => steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? 0)), {
    message: 'each step must be above the one before',
  })
  .refine((steps) => (steps[0] ?? 100) < 100, {
    message: 'the first step must be below 100; to skip the canary use mode: direct',
  })
