import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

const SHAPE =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/

export interface Signed {
  readonly accessKeyId: string
  readonly region: string
  readonly service: string
  readonly at: number
}

/**
 * Who has signed a request, and for what; a text says why it does not count. Signature Version 4 as AWS describes it, written
 * anew here and not by the library that signs.
 */
export function signedBy(
  request: IncomingMessage,
  body: Buffer,
  secretOf: (accessKeyId: string) => string | undefined,
): Signed | string {
  const parts = SHAPE.exec(request.headers.authorization ?? '')
  const [, accessKeyId = '', day = '', region = '', service = '', names = '', signature = ''] =
    parts ?? []
  if (parts === null) return 'IncompleteSignature'
  const secret = secretOf(accessKeyId)
  if (secret === undefined) return 'UnrecognizedClientException'
  const time = String(request.headers['x-amz-date'] ?? '')
  if (!names.split(';').includes('host') || !time.startsWith(day)) return 'IncompleteSignature'
  const scope = `${day}/${region}/${service}/aws4_request`
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical(request, body, names))}`
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`)
  const expected = hmac(key, text)
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex'))) {
    return 'InvalidSignatureException'
  }
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? []
  return { accessKeyId, region, service, at: Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) }
}

function canonical(
  { method = '', url = '', headers }: IncomingMessage,
  body: Buffer,
  names: string,
): string {
  const [path = '', query = ''] = url.split('?')
  const encodedTwice = path
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/')
  const sortedQuery = query.split('&').filter(Boolean).sort().join('&')
  const lines = names.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`)
  return [method, encodedTwice, sortedQuery, lines.join(''), names, sha256(body)].join('\n')
}
