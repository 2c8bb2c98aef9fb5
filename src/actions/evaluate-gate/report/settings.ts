import * as z from 'zod'

/** Mode `report` needs nothing of the gate's section: the rules were those of the run that it reports on. */
export const ReportSettings = z.looseObject({ mode: z.literal('report') })
export type ReportSettings = z.output<typeof ReportSettings>
