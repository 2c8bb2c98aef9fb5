import type { TrainSection } from '../../config/train.js'

/** What the runner gives to an action alone: its inputs, a token among them, its state, and the services' token. */
const OURS = /^(INPUT_|STATE_)|^ACTIONS_RUNTIME_TOKEN$/i

/** The environment of the training command: that of a `run:` step, and the parameters. */
export function commandEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  params: TrainSection['params'],
): Readonly<Record<string, string | undefined>> {
  const kept = Object.entries(env).filter(([name]) => !OURS.test(name))
  return { ...Object.fromEntries(kept), ...parameterVariables(params) }
}

function parameterVariables(params: TrainSection['params']): Readonly<Record<string, string>> {
  const variables: Record<string, string> = { MODELWAY_PARAMS: JSON.stringify(params) }
  for (const [name, value] of Object.entries(params)) {
    variables[`MODELWAY_PARAM_${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`] = String(value)
  }
  return variables
}
