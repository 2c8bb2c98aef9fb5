import { connect } from 'node:net'

/**
 * Users on kept connections, in a process of their own: each sends a request, waits for its answer and sends the next, until told
 * to stop. Every request that was sent is accounted for: by the status of its answer, or as lost.
 */
export interface LoadOrder {
  readonly port: number
  readonly connections: number
  /** The pause before each request, milliseconds; without one a request follows at once. */
  readonly pauseMs?: number
}

export interface LoadResult {
  readonly sent: number
  readonly answered: number
  readonly successes: number
  readonly lost: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

const BODY = JSON.stringify({
  id: 'a-request',
  inputs: [
    {
      name: 'features',
      shape: [1, 100],
      datatype: 'FP64',
      data: Array.from({ length: 100 }, (_, i) => i / 8 + 0.0625),
    },
  ],
})
const REQUEST = Buffer.from(
  `POST /v2/models/census/infer HTTP/1.1\r\nhost: census.test\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
)
const HEAD_END = Buffer.from('\r\n\r\n')

interface Tally {
  sent: number
  successes: number
  lost: number
  isOn: boolean
  readonly times: number[]
}

function user(order: LoadOrder, tally: Tally): Promise<void> {
  return new Promise((resolve) => {
    const { port, pauseMs } = order
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let pending = Buffer.alloc(0)
    let started = 0
    let waiting = false
    const next = () => {
      if (!tally.isOn) return void socket.end()
      tally.sent += 1
      waiting = true
      started = performance.now()
      socket.write(REQUEST)
    }
    socket.on('connect', next)
    socket.on('data', (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      const status = wholeAnswer(pending)
      if (status === undefined) return
      tally.times.push(performance.now() - started)
      if (status >= 200 && status < 300) tally.successes += 1
      pending = Buffer.alloc(0)
      waiting = false
      if (pauseMs === undefined) next()
      else setTimeout(next, pauseMs)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (waiting) tally.lost += 1
      if (tally.isOn) void user(order, tally).then(resolve)
      else resolve()
    })
  })
}

/** The status of an answer that is there in full; every server here tells the length. */
function wholeAnswer(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(HEAD_END)
  if (end === -1) return undefined
  const head = bytes.toString('latin1', 0, end)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`an answer without a length: ${head}`)
  return bytes.length < end + 4 + Number(length) ? undefined : Number(head.slice(9, 12))
}

function resultOf(tally: Tally, seconds: number): LoadResult {
  const times = Float64Array.from(tally.times).sort()
  const at = (share: number) => times[Math.floor(share * times.length)] ?? Number.NaN
  const { sent, successes, lost } = tally
  const answered = times.length
  return { sent, answered, successes, lost, seconds, p50: at(0.5), p99: at(0.99) }
}

let stop: (() => void) | undefined

async function run(order: LoadOrder): Promise<void> {
  const tally: Tally = { sent: 0, successes: 0, lost: 0, isOn: true, times: [] }
  stop = () => {
    tally.isOn = false
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: order.connections }, () => user(order, tally)))
  process.send?.(resultOf(tally, (performance.now() - started) / 1000))
}

process.on('message', (message: LoadOrder | 'stop') => {
  if (message === 'stop') stop?.()
  else void run(message)
})
