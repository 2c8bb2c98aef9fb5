import type { GateSection } from '../../../config/gate.js'
import { UserError } from '../../../errors.js'
import type { JobContext } from '../../../runtime/job.js'
import type { Change } from '../change.js'
import type { GatePorts } from '../ports.js'
import { type Baseline, type BaselineRequest, FIRST } from './baseline.js'
import { readFileBaseline } from './file.js'
import { readPointsBaseline } from './points.js'
import { readReference } from './reference.js'
import { readRegistryBaseline } from './registry.js'
import { readTrackedRun } from './tracked-run.js'

const READERS: Readonly<
  Record<string, (request: BaselineRequest) => Promise<Baseline | typeof FIRST>>
> = {
  file: readFileBaseline,
  registry: readRegistryBaseline,
  ref: readReference,
  run: readTrackedRun,
  metrics: readPointsBaseline,
}

export { FIRST }

/** Clocks of different machines differ, and zip files know no time zone: more than this is no accident. */
const TOLERATED_FUTURE_MS = 24 * 3_600_000

/** Reads the baseline that the settings name; undefined for `none`, FIRST where a reference has none yet. */
export async function readBaseline(
  context: JobContext<GateSection>,
  ports: GatePorts,
  change: Change,
): Promise<Baseline | typeof FIRST | undefined> {
  const { baseline } = context.settings
  const colon = baseline.indexOf(':')
  const read = READERS[baseline.slice(0, Math.max(0, colon))]
  if (read === undefined) return undefined
  const found = await read({ context, ports, change, name: baseline.slice(colon + 1) })
  if (found !== FIRST) refuseFuture(found, context.now())
  return found
}

function refuseFuture({ madeAt, source }: Baseline, now: Date): void {
  if (madeAt === undefined || madeAt.getTime() - now.getTime() <= TOLERATED_FUTURE_MS) return
  throw new UserError({
    code: 'MW-GATE-122',
    where: 'gate.baseline',
    what: `the baseline ${source} is from the future: ${madeAt.toISOString()}, and it is ${now.toISOString()}.`,
    fix: 'Correct the clock of this machine, or of the one that made the baseline.',
  })
}

/** Whole days since the baseline was made; null where nobody knows. */
export function ageInDays({ madeAt }: Baseline, now: Date): number | null {
  if (madeAt === undefined) return null
  return Math.max(0, Math.floor((now.getTime() - madeAt.getTime()) / 86_400_000))
}
