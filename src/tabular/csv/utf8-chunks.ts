import { type Buffer, isUtf8 } from 'node:buffer'

/** Where the last character that is surely complete ends. */
export function completeUntil(bytes: Buffer, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = bytes[end - back] as number
    if (byte >= 0xc0) return end - back
    if (byte < 0x80) return end
  }
  return end
}

/** Position near the first byte that is not UTF-8, by halving: a prefix is valid up to its last character. */
export function firstInvalid(bytes: Buffer): number {
  let valid = 0
  let invalid = bytes.length
  while (invalid - valid > 4) {
    const middle = (valid + invalid) >>> 1
    const end = completeUntil(bytes, middle)
    if (end <= valid) break
    if (isUtf8(bytes.subarray(valid, end))) valid = end
    else invalid = middle
  }
  return valid
}
