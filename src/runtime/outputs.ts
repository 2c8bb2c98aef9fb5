import { join } from 'node:path'
import type { Host } from '../ports/host.js'
import { type Recorded, statementFile } from '../statements/record.js'
import type { ActionContract } from './contract.js'
import type { JobOutcome, JobReport, OutputValue } from './job.js'

interface OutputContext {
  readonly contract: ActionContract
  readonly outcome: JobOutcome | JobReport
  readonly host: Host
  readonly recorded: Recorded | undefined
  readonly directory: string
  readonly report: string | undefined
}

/** The job's outputs, those that every action has, and all of them as one line of JSON. */
export function setOutputs(context: OutputContext): void {
  const { contract, outcome, host, recorded, directory, report } = context
  const outputs: Record<string, OutputValue> = {
    decision: outcome.decision,
    report,
    ...outcome.outputs,
    statement:
      recorded === undefined ? undefined : join(directory, statementFile(contract.statement)),
  }
  if (!('digest' in outcome.outputs)) outputs['digest'] = recorded?.digest
  for (const [name, value] of Object.entries(outputs)) {
    if (value !== undefined) host.io.setOutput(name, asText(value))
  }
  const json = {
    schema_version: 1,
    action: contract.name,
    reason: outcome.reason,
    ...outcome.details,
    ...outputs,
    statement_digest: recorded?.digest,
  }
  host.io.setOutput('json', JSON.stringify(json))
}

function asText(value: Exclude<OutputValue, undefined>): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
