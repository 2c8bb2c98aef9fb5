import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { isStruct, replyOf, type ThriftStruct } from '../../../src/adapters/engine/thrift-binary.js'

const i32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
const text = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value)
  return Buffer.concat([i32(bytes.length), bytes])
}
const field = (type: number, id: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.of(type, id >> 8, id & 255), value])

/** Fields of an answer, with their types in Thrift's binary protocol. */
export const wire = {
  i32: (id: number, value: number) => field(8, id, i32(value)),
  text: (id: number, value: string | Buffer) => field(11, id, text(value)),
  bool: (id: number, value: boolean) => field(2, id, Buffer.of(value ? 1 : 0)),
  struct: (id: number, ...fields: readonly Buffer[]) =>
    field(12, id, Buffer.concat([...fields, Buffer.of(0)])),
  structs: (id: number, items: readonly (readonly Buffer[])[]) =>
    field(
      15,
      id,
      Buffer.concat([
        Buffer.of(12),
        i32(items.length),
        ...items.map((fields) => Buffer.concat([...fields, Buffer.of(0)])),
      ]),
    ),
  doubles: (id: number, values: readonly number[]) => {
    const parts = values.map((value) => {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleBE(value)
      return bytes
    })
    return field(15, id, Buffer.concat([Buffer.of(4), i32(values.length), ...parts]))
  },
}

export interface ThriftCall {
  readonly method: string
  readonly request: ThriftStruct
}

/** What a server does with a call: the fields of its answer, or what it sends instead. */
export type ThriftTurn = (
  call: ThriftCall,
) => readonly Buffer[] | 'hang up' | 'say half' | 'nothing'

export interface FakeThrift {
  readonly url: string
  readonly called: string[]
  readonly signedIn: string[]
  close(): Promise<void>
}

/** A server of Thrift with SASL PLAIN on loopback, which refuses what is not framed as the protocol has it, and the password `wrong`. */
export async function serveThrift(turn: ThriftTurn): Promise<FakeThrift> {
  const called: string[] = []
  const signedIn: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    void talk(socket, { turn, called, signedIn }).catch(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return { url: `thrift://127.0.0.1:${port}`, called, signedIn, close }
}

interface Told {
  readonly turn: ThriftTurn
  readonly called: string[]
  readonly signedIn: string[]
}

async function talk(socket: Socket, { turn, called, signedIn }: Told): Promise<void> {
  const take = reader(socket)
  const step = async () => {
    const status = (await take(1)).readUInt8()
    return { status, payload: await take((await take(4)).readUInt32BE()) }
  }
  const start = await step()
  const token = await step()
  if (start.status !== 1 || start.payload.toString() !== 'PLAIN' || token.status !== 2) {
    throw new Error('it is no SASL PLAIN')
  }
  const [, user, password] = token.payload.toString().split('\0')
  signedIn.push(`${user}:${password}`)
  const isWelcome = password !== 'wrong' && password !== ''
  const words = text(isWelcome ? '' : 'Error validating the login')
  socket.write(Buffer.concat([Buffer.of(isWelcome ? 5 : 4), words]))
  for (;;) {
    const message = await take((await take(4)).readUInt32BE())
    const { method, sequence, request } = readCall(message)
    called.push(method)
    const answer = turn({ method, request })
    if (answer === 'nothing') continue
    if (answer === 'hang up') return void socket.destroy()
    const body = Buffer.concat([
      Buffer.from([0x80, 1, 0, 2]),
      text(method),
      sequence,
      wire.struct(0, ...(answer === 'say half' ? [] : answer)),
      Buffer.of(0),
    ])
    if (answer === 'say half') {
      socket.write(Buffer.concat([i32(body.length + 99), body]), () => socket.destroy())
      return
    }
    socket.write(Buffer.concat([i32(body.length), body]))
  }
}

function reader(socket: Socket): (count: number) => Promise<Buffer> {
  let bytes = Buffer.alloc(0)
  const iterator = (socket as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  return async (count) => {
    while (bytes.length < count) {
      const next = await iterator.next()
      if (next.done === true) throw new Error('ended')
      bytes = Buffer.concat([bytes, next.value])
    }
    const taken = bytes.subarray(0, count)
    bytes = bytes.subarray(count)
    return taken
  }
}

function readCall(message: Buffer) {
  if (message.readUInt32BE() !== 0x80010001) throw new Error('it is no call')
  const length = message.readInt32BE(4)
  const method = message.subarray(8, 8 + length).toString()
  const sequence = message.subarray(8 + length, 12 + length)
  return { method, sequence, request: readArguments(message.subarray(12 + length)) }
}

/** The one argument, read by its own reader of answers: an answer begins with field 0 where a call has field 1. */
function readArguments(bytes: Buffer): ThriftStruct {
  const head = Buffer.concat([Buffer.from([0x80, 1, 0, 2]), text('x'), i32(0)])
  const copy = Buffer.from(bytes)
  copy.writeInt16BE(0, 1)
  const read = replyOf(Buffer.concat([head, copy]), 'x', 0)
  if (!isStruct(read)) throw new Error('it has no argument')
  return read
}
