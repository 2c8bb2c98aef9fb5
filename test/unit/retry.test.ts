import { describe, expect, it } from '@jest/globals'
import { CancelledError, ExternalError, UserError } from '../../src/errors.js'
import { withRetries } from '../../src/retry.js'

const failure = (retryable: boolean) =>
  new ExternalError({ code: 'MW-X-1', service: 'X', what: 'no.', retryable })

/** How often it was tried, and how that ended, where every try fails with the next of these. */
async function tried(errors: readonly Error[], signal = new AbortController().signal) {
  const left = [...errors]
  let count = 0
  const work = async () => {
    count++
    const error = left.shift()
    if (error !== undefined) throw error
    return 'done'
  }
  const options = { signal, firstDelayMs: 1, cancelled: 'It was cancelled.' }
  const ended = await withRetries(work, options).catch((error: unknown) => error)
  return { count, ended }
}

describe('withRetries', () => {
  it('tries what can pass four times, and then gives the last error', async () => {
    expect(await tried([failure(true), failure(true)])).toEqual({ count: 3, ended: 'done' })
    const last = failure(true)
    const { count, ended } = await tried([failure(true), failure(true), failure(true), last])
    expect(count).toBe(4)
    expect(ended).toBe(last)
  })

  it.each([
    ['a refusal', failure(false)],
    ['a mistake of the user', new UserError({ code: 'MW-X-2', what: 'wrong.' })],
    ['a fault of the program', new TypeError('x')],
  ])('tries %s once, and gives it as it is', async (_, error) => {
    const { count, ended } = await tried([error])
    expect(count).toBe(1)
    expect(ended).toBe(error)
  })

  it('is cancelled by its signal, and then tries nothing', async () => {
    const controller = new AbortController()
    controller.abort()
    const { count, ended } = await tried([], controller.signal)
    expect(count).toBe(0)
    expect(ended).toBeInstanceOf(CancelledError)
    expect(ended).toMatchObject({ message: 'It was cancelled.' })
  })

  it('waits as long as it was asked to', async () => {
    const asked: unknown[] = []
    const error = failure(true)
    let count = 0
    const work = async () => {
      if (count++ === 0) throw error
    }
    const { signal } = new AbortController()
    const ask = (given: unknown) => {
      asked.push(given)
      return 1
    }
    await withRetries(work, { signal, firstDelayMs: 1, cancelled: '', asked: ask })
    expect(asked).toEqual([error])
  })
})
