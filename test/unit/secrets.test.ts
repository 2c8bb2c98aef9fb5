import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRedaction, excerptOf, headerValue, secretsIn } from '../../src/secrets.js'

describe('the secrets of an environment', () => {
  it('are tokens, passwords, keys and the values of headers, and nothing else', () => {
    const secrets = secretsIn({
      MODELWAY_PUSHGATEWAY_TOKEN: 'push',
      MODELWAY_WEBHOOK_SECRET: 'hook',
      MODELWAY_KAFKA_USERNAME: 'me',
      MODELWAY_KAFKA_PASSWORD: 'pass',
      MODELWAY_SNOWFLAKE_TOKEN_TYPE: 'OAUTH',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc,x-team=one',
      MODELWAY_AIRFLOW_TOKEN: ' ',
      PATH: '/bin',
    })
    expect(secrets).toEqual(
      expect.arrayContaining(['push', 'hook', 'pass', 'Bearer abc', 'abc', 'one', 'bWU6cGFzcw==']),
    )
    for (const other of ['me', 'OAUTH', '/bin', ' ']) expect(secrets).not.toContain(other)
  })
})

describe('a redaction', () => {
  const secret = 'p&ss "wörd"/+\\1'
  it.each([
    ['as it is', secret],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 for addresses', Buffer.from(secret).toString('base64url')],
    ['percent-encoded', encodeURIComponent(secret)],
    ['in a form', new URLSearchParams({ x: secret }).toString().slice(2)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in a page', secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
  ])('hides a secret that is written %s', (_, written) => {
    expect(createRedaction([secret])(`a ${written} b`)).toBe('a *** b')
  })

  it('hides each line of a secret with a line break, however it is shown', () => {
    const hide = createRedaction(['first line\nSECRET2'])
    expect(hide('"Bearer first line\\nSECRET2" is no header')).not.toMatch(/first|SECRET2/)
    expect(hide('first line SECRET2')).not.toMatch(/first|SECRET2/)
  })

  it('hides a password within the base64 of a user and more, wherever it begins', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const written = Buffer.from(`${before}correct horse${after}`).toString('base64')
        const left = createRedaction(['correct horse'])(written)
        const text = left
          .split('***')
          .map((part) => Buffer.from(part, 'base64').toString('latin1'))
          .join('')
        expect(text).not.toContain('correct horse')
        expect(left).toContain('***')
      }),
    )
  })

  it('hides the longer of two of which one begins as the other', () => {
    expect(createRedaction(['abcd', 'abcdefgh'])('abcdefgh')).toBe('***')
  })

  it('makes an excerpt of one line', () => {
    expect(excerptOf(` no\n such ${'x'.repeat(400)}`, (text) => text)).toHaveLength(300)
    expect(excerptOf('to\nken', createRedaction(['to\nken']))).toBe('***')
  })
})

describe('a value for a header', () => {
  it('is refused where fetch would show it, and not shown', () => {
    expect(headerValue('Bearer a', 'X_TOKEN')).toBe('Bearer a')
    for (const bad of ['a\nSECRET', 'a\r', '\u0000', '€']) {
      expect(() => headerValue(bad, 'X_TOKEN')).toThrow(/^MW-DRIFT-658: X_TOKEN: (?!.*SECRET)/)
    }
  })
})
