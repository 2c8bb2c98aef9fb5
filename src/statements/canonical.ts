import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** The one way to write a JSON value: RFC 8785 (JSON Canonicalization Scheme). Refuses NaN and infinities. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('Not a JSON value')
  return text
}

/** `sha256:<hex>` of bytes, or of a text's UTF-8 bytes. */
export function sha256(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** The digest of a JSON value: that of its canonical form. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value))
}
