/** The messages of a gRPC stream, put together from what arrives. */
export interface MessageReader {
  /** Gives the messages that are whole now. */
  take(chunk: Buffer): readonly Buffer[]
  /** Whether nothing is left over of a message that did not come whole. */
  isBetween(): boolean
}

/** Before each message: whether it is compressed, and how long it is. */
const HEAD = 5

export function messageReader(): MessageReader {
  let chunks: Buffer[] = []
  let size = 0
  let wanted = HEAD
  return {
    take: (chunk) => {
      chunks.push(chunk)
      size += chunk.length
      // Put together only when a message is whole: else each piece of a large one would copy all before it.
      if (size < wanted) return []
      const { messages, rest, needs } = split(Buffer.concat(chunks))
      chunks = rest.length === 0 ? [] : [rest]
      size = rest.length
      wanted = needs
      return messages
    },
    isBetween: () => size === 0,
  }
}

interface Split {
  readonly messages: readonly Buffer[]
  readonly rest: Buffer
  /** How long the rest must become to be read. */
  readonly needs: number
}

function split(bytes: Buffer): Split {
  const messages: Buffer[] = []
  let at = 0
  let needs = HEAD
  while (at + HEAD <= bytes.length) {
    const end = at + HEAD + bytes.readUInt32BE(at + 1)
    // What is compressed was not asked for, and stays over.
    if (bytes.readUInt8(at) !== 0) needs = Number.POSITIVE_INFINITY
    else if (end > bytes.length) needs = end - at
    else {
      messages.push(bytes.subarray(at + HEAD, end))
      at = end
      continue
    }
    break
  }
  return { messages, rest: bytes.subarray(at), needs }
}
