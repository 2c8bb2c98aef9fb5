import type { ModelSchema, Prediction, Rows } from '../domain/probe/tensor.js'

/** One state that a server reports of itself, and whether it is as it should be. */
export interface HealthState {
  /** In words: `live`, `ready`, `model ready`. */
  readonly name: string
  readonly ok: boolean
  /** What it answered instead; empty where it is ok. */
  readonly what: string
}

/**
 * A server that answers with a model, asked by one of the protocols. All calls fail with ExternalError where the server does not answer, or
 * not in that protocol.
 */
export interface ModelEndpoint {
  /** Its address, for messages. */
  readonly address: string
  health(signal: AbortSignal): Promise<readonly HealthState[]>
  /** What the model says that it takes and gives; undefined where the protocol cannot say, or the server leaves it empty. */
  schema(signal: AbortSignal): Promise<ModelSchema | undefined>
  /** The answer to some rows: all of them in one request where the protocol has batches. */
  predict(rows: Rows, signal: AbortSignal): Promise<Prediction>
  close(): void
}

/** Opens the server at an address; nothing is sent before it is asked. */
export type OpenEndpoint = (url: string) => ModelEndpoint
