import { saveState, setOutput, setSecret } from '@actions/core'
import type { HostIo } from '../../../ports/host.js'
import type { Environment } from '../environment.js'
import type { Masks } from '../masks.js'

/**
 * Inputs and state come from `env`; outputs, state and masks are written by @actions/core, which
 * takes the files' names from the process itself.
 */
export function createIo(env: Environment, masks: Masks): HostIo {
  return {
    readInput: (name) => readInput(env, name),
    setOutput,
    mask(secret) {
      if (secret.trim() === '') return
      masks.add(secret)
      setSecret(secret)
    },
    saveState,
    readState: (name) => {
      const value = env[`STATE_${name}`]
      return value === '' ? undefined : value
    },
  }
}

/** An input's text without the spaces around it; not set or blank is undefined. */
export function readInput(env: Environment, name: string): string | undefined {
  const value = env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]?.trim()
  return value === '' ? undefined : value
}
