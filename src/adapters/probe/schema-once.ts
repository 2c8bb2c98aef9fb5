import type { ModelSchema } from '../../domain/probe/tensor.js'

/** What a model takes, asked once for all requests; after a failure it is asked again. */
export function schemaOnce(
  ask: (signal: AbortSignal) => Promise<ModelSchema>,
): (signal: AbortSignal) => Promise<ModelSchema> {
  let known: Promise<ModelSchema> | undefined
  return (signal) => {
    known ??= ask(signal).catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
}
