import { ExternalError } from '../../errors.js'
import { GRPC_STATUS, type GrpcChannel, GrpcError, openChannel } from '../../grpc/channel.js'
import { brokenOff, type EnginePeer, excerpt, signInRefused } from './engine-http.js'

const MOST_BYTES = 256 * 1024 * 1024

/** A channel to Spark, whose failures are said as those of other engines are. */
export function openSparkChannel(
  origin: URL,
  headers: Readonly<Record<string, string>>,
  peer: EnginePeer,
): GrpcChannel {
  const channel = openChannel({ origin, headers, mostBytes: MOST_BYTES })
  return {
    call: async (method, message, options) => {
      options.signal.throwIfAborted()
      try {
        return await channel.call(method, message, options)
      } catch (error) {
        throw asProblem(error, peer)
      }
    },
    close: () => channel.close(),
  }
}

/** Refused queries stay GrpcErrors: the caller reads their words. */
function asProblem(error: unknown, peer: EnginePeer): unknown {
  if (error instanceof GrpcError) {
    const { status, message } = error
    if (status === GRPC_STATUS.unauthenticated || status === GRPC_STATUS.permission) {
      return signInRefused(peer, status === GRPC_STATUS.permission ? 403 : 401, message)
    }
    return status === GRPC_STATUS.unavailable ? brokenOff(peer, message, error) : error
  }
  if (error instanceof ExternalError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new ExternalError(
    {
      code: 'MW-DRIFT-754',
      service: peer.service,
      what: `cannot be reached: ${excerpt(reason, peer)}`,
      retryable: true,
    },
    { cause: error },
  )
}
