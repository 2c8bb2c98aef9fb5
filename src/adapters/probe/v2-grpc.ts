import type { ProbeSection } from '../../config/deploy/probe.js'
import { ExternalError } from '../../errors.js'
import { GRPC_STATUS, GrpcError, openChannel } from '../../grpc/channel.js'
import type { HealthState, ModelEndpoint } from '../../ports/probe.js'
import { noAnswer, notUnderstood, type Peer, refused } from './peer.js'
import { requestedOutputs } from './requested.js'
import { schemaOnce } from './schema-once.js'
import { tensorsOf } from './tensors.js'
import { inferRequest, isYes, modelRequest, outputsFrom, schemaFrom } from './v2-messages.js'

const SERVICE = '/inference.GRPCInferenceService'
const MOST_BYTES = 32 * 1024 * 1024
/** gRPC's statuses of a server that could not, and may later; the others are refusals. */
const AWAY: readonly number[] = [GRPC_STATUS.cancelled, GRPC_STATUS.unavailable, 4]

/** The Open Inference Protocol v2 by gRPC: over TLS where the address is https://, else over plain HTTP/2. */
export function createV2Grpc(peer: Peer, settings: ProbeSection): ModelEndpoint {
  const { model = '', 'model-version': version } = settings
  const { origin, headers } = peer
  const channel = openChannel({ origin, headers, mostBytes: MOST_BYTES })
  async function call<T>(
    method: string,
    message: Buffer,
    { signal, read }: { signal: AbortSignal; read: (answer: Buffer) => T },
  ): Promise<T> {
    const limit = AbortSignal.timeout(peer.timeoutMs)
    const either = AbortSignal.any([signal, limit])
    try {
      const [answer] = await channel.call(`${SERVICE}/${method}`, message, { signal: either })
      return read(answer ?? Buffer.alloc(0))
    } catch (error) {
      throw problemOf(peer, either.aborted ? either.reason : error)
    }
  }
  const state = async (
    name: string,
    method: string,
    ask: { message: Buffer; signal: AbortSignal },
  ) => {
    const ok = await call(method, ask.message, { signal: ask.signal, read: isYes })
    return { name, ok, what: ok ? '' : 'it says no' } satisfies HealthState
  }
  const schema = (signal: AbortSignal) =>
    call('ModelMetadata', modelRequest(model, version), { signal, read: schemaFrom })
  const known = schemaOnce(schema)
  return {
    address: peer.address,
    health: async (signal) => [
      await state('live', 'ServerLive', { message: Buffer.alloc(0), signal }),
      await state('ready', 'ServerReady', { message: Buffer.alloc(0), signal }),
      await state('model ready', 'ModelReady', { message: modelRequest(model, version), signal }),
    ],
    schema,
    predict: async (rows, signal) => {
      const found = settings.inputs === undefined ? await known(signal) : undefined
      const inputs = tensorsOf(rows, settings.inputs, found)
      const message = inferRequest({ model, version, inputs, outputs: requestedOutputs(settings) })
      return {
        kind: 'tensors',
        outputs: await call('ModelInfer', message, { signal, read: outputsFrom }),
      }
    },
    close: () => channel.close(),
  }
}

function problemOf(peer: Peer, error: unknown): ExternalError {
  if (error instanceof ExternalError) return error
  if (error instanceof GrpcError) {
    if (AWAY.includes(error.status)) return noAnswer(peer, error)
    return refused(peer, error.status, error.message)
  }
  if (error instanceof RangeError)
    return notUnderstood(peer, `a message cannot be read: ${error.message}`)
  return noAnswer(peer, error)
}
