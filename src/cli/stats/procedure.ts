import type * as z from 'zod'

/** A statistical procedure that anybody can run on their own numbers. */
export interface Procedure<I extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly summary: string
  readonly input: I
  /** What each key of the answer means. */
  readonly output: Readonly<Record<string, string>>
  run(input: z.output<I>): unknown
}
