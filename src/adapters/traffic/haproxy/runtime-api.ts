import { connect, type Socket } from 'node:net'
import { ExternalError } from '../../../errors.js'
import { shown } from '../ask.js'

/** Sends commands, all on one connection; gives what HAProxy answers to all of them, in order. */
export type RuntimeApi = (commands: readonly string[]) => Promise<string>

export interface RuntimeApiOptions {
  /** The absolute path of a socket, or host:port. */
  readonly socket: string
  readonly timeoutMs: number
}

/** A thousand servers fill a third of a megabyte. */
const MOST_BYTES = 16 * 1024 * 1024

/**
 * HAProxy's runtime API. A connection is for one line of commands; HAProxy closes it after the last answer, so an answer that
 * ends is whole. Throws ExternalError MW-DEPLOY-151 where it cannot be reached or does not end.
 */
export function createRuntimeApi({ socket, timeoutMs }: RuntimeApiOptions): RuntimeApi {
  return (commands) =>
    new Promise((resolve, reject) => {
      const connection = open(socket)
      const chunks: Buffer[] = []
      let size = 0
      const fail = (reason: string, cause?: unknown) => {
        connection.destroy()
        reject(unreachable(socket, reason, cause))
      }
      const timer = setTimeout(() => fail(`no whole answer in ${timeoutMs} ms`), timeoutMs)
      connection.on('connect', () => connection.write(`${commands.join(';')}\n`))
      connection.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > MOST_BYTES) fail('the answer does not end')
        else chunks.push(chunk)
      })
      connection.on('error', (error) => fail(error.message, error))
      connection.on('end', () => connection.end())
      connection.on('close', () => {
        clearTimeout(timer)
        // After a failure this changes nothing: the promise is settled.
        if (size === 0) fail('the connection was closed without an answer')
        else resolve(Buffer.concat(chunks).toString('utf8'))
      })
    })
}

function open(address: string): Socket {
  if (address.startsWith('/')) return connect(address)
  const colon = address.lastIndexOf(':')
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '')
  return connect({ host, port: Number(address.slice(colon + 1)) })
}

function unreachable(socket: string, reason: string, cause: unknown): ExternalError {
  return new ExternalError(
    {
      code: 'MW-DEPLOY-151',
      service: `HAProxy at ${socket}`,
      what: `its runtime API cannot be used: ${shown(reason)}.`,
      retryable: true,
    },
    { cause },
  )
}
