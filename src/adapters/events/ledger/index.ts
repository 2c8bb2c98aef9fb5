import { createHash } from 'node:crypto'
import type { TriggerLedger } from '../../../ports/events.js'
import type { Registers } from '../../../ports/forge.js'

export interface LedgerContext {
  readonly project: string
  readonly workflow: string
  /** `drift.guard.record`, absolute; undefined where it is not given. */
  readonly file: string | undefined
  /** The file that is used where there is neither, absolute. */
  readonly defaultFile: string
  /** How many firings of one trigger the guard counts. */
  readonly firings: number
  /** Of the forge, where there is one and a token. */
  readonly registers: Registers | undefined
}

/** The record of what fired: the file that is named, else the forge's register, else a file beside the statements. */
export async function openTriggerLedger(context: LedgerContext): Promise<TriggerLedger> {
  const { file, registers, firings } = context
  if (file === undefined && registers !== undefined) {
    const { createRegisterLedger } = await import('./register.js')
    return createRegisterLedger({ registers, name: registerName(context), firings })
  }
  const { createFileLedger } = await import('./file.js')
  return createFileLedger(file ?? context.defaultFile)
}

/** A reference's name takes few characters, and projects are called anything. */
function registerName({ project, workflow }: LedgerContext): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([project, workflow]))
    .digest('hex')
  return `drift/${digest.slice(0, 20)}`
}
