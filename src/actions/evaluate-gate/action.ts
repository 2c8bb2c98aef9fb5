import { createGitCode } from '../../adapters/code/git.js'
import { openRegistry } from '../../adapters/registry/index.js'
import { openTracker } from '../../adapters/tracking/index.js'
import type { GateSection } from '../../config/gate.js'
import type { JobContext } from '../../runtime/job.js'
import { requireForge } from '../../runtime/require-forge.js'
import { type Action, actionMode } from '../../runtime/run-action.js'
import { runCommand } from './command/run.js'
import { CommandSettings } from './command/settings.js'
import { contract } from './contract.js'
import type { GatePorts } from './ports.js'
import { runReport } from './report/run.js'
import { ReportSettings } from './report/settings.js'
import { evaluateGate } from './run.js'

/** evaluate-gate with everything that a baseline can come from. */
export const action: Action<typeof contract.settings> = {
  contract,
  job: (context) => evaluateGate(context, gatePorts(context)),
  modes: {
    report: actionMode(ReportSettings, (context) => runReport(context, requireForge(context))),
    command: actionMode(CommandSettings, (context) => runCommand(context, requireForge(context))),
  },
}

/** Everything that a baseline can come from, for this job and for the self-check of the command line. */
export function gatePorts({ workspace, now, env }: JobContext<GateSection>): GatePorts {
  return {
    openRegistry: ({ registry, location }) =>
      openRegistry(registry, { workspace, location, now, env }),
    openTracker: (name, signal) => openTracker(name, { env, signal }),
    history: createGitCode(),
  }
}
