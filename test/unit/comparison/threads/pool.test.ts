import { getEventListeners } from 'node:events'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import type { Answer, Task } from '../../../../src/comparison/threads/messages.js'
import { soloCrew, threadCrew } from '../../../../src/comparison/threads/pool.js'
import { CancelledError, ExternalError, UserError } from '../../../../src/errors.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'

const folder = useTemporaryFolder()

/** A thread that does with the name of a column what the script says. */
function scripted(script: string): URL {
  const path = folder.write(
    'thread.mjs',
    `import { parentPort } from 'node:worker_threads'
const answer = (value) => parentPort.postMessage({ answer: value })
const fail = (failure) => parentPort.postMessage({ failure })
parentPort.on('message', ({ task }) => { const { column } = task; ${script} })`,
  )
  return pathToFileURL(path)
}

function crewOf(script: string, threads: number, signal = new AbortController().signal) {
  return threadCrew(scripted(script), { threads, signal, heapMegabytes: 32 })
}

const REQUEST = { reference: { kind: 'samples' }, current: { kind: 'samples' } }

/** Tasks that only name a column: the scripted threads look at nothing else. */
function tasks(...columns: readonly string[]): readonly Task[] {
  return columns.map(
    (column) => ({ kind: 'compare', context: 1, request: REQUEST, column }) as Task,
  )
}

const answered = (answers: readonly Answer[]) => answers as unknown

describe('a crew of threads', () => {
  it('gives the answers in the order of the tasks, whichever is done first', async () => {
    const crew = crewOf('setTimeout(() => answer([column]), column === "a" ? 150 : 0)', 2)
    expect(answered(await crew.run(tasks('a', 'b', 'c')))).toEqual([['a'], ['b'], ['c']])
    await crew.close()
  })

  it('gives a thread what is the same for all columns once', async () => {
    const crew = crewOf('answer([column + (task.request === undefined ? "" : " with all")])', 1)
    const side = { kind: 'files', table: undefined }
    const asked = (request: unknown, context: number, ...columns: readonly string[]) =>
      columns.map((column) => ({ kind: 'compare', context, request, column }) as Task)
    const read = { reference: side, current: side }
    const held = { reference: side, current: { kind: 'files', table: {} } }
    const answers = [
      ...(await crew.run(asked(read, 1, 'a', 'b'))),
      ...(await crew.run([...asked(read, 2, 'c', 'd'), ...asked(held, 3, 'e', 'f')])),
    ].flat()
    expect(answers).toEqual(['a with all', 'b', 'c with all', 'd', 'e with all', 'f with all'])
    await crew.close()
  })

  it('takes further tasks after a run, with the threads that it has', async () => {
    const crew = crewOf(
      'globalThis.n = (globalThis.n ?? 0) + 1; answer([column + globalThis.n])',
      1,
    )
    await crew.run(tasks('a', 'b'))
    expect(answered(await crew.run(tasks('c')))).toEqual([['c3']])
    await crew.close()
  })

  it('answers nothing to no task', async () => {
    const crew = crewOf('answer([])', 2)
    expect(await crew.run([])).toEqual([])
    await crew.close()
  })

  it('hands over a mistake of the user with its code and way out', async () => {
    const problem = { code: 'MW-DATA-302', where: 'a.csv', what: 'it grew.', fix: 'Wait.' }
    const crew = crewOf(`fail({ kind: 'user', problems: [${JSON.stringify(problem)}] })`, 2)
    const error = await errorOf(() => crew.run(tasks('a', 'b')))
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).problems).toEqual([problem])
    await crew.close()
  })

  it('hands over what another system did, a cancellation and a bug as what they are', async () => {
    const external = { code: 'MW-X-1', service: 'X', what: 'refused.', retryable: false }
    const crew = crewOf(
      `if (column === 'external') fail({ kind: 'external', details: ${JSON.stringify(external)} })
       if (column === 'cancelled') fail({ kind: 'cancelled' })
       if (column === 'bug') fail({ kind: 'bug', message: 'no such thing', stack: 'Error: no such thing\\n at x' })`,
      1,
    )
    const first = await errorOf(() => crew.run(tasks('external')))
    expect(first).toBeInstanceOf(ExternalError)
    expect((first as ExternalError).details).toEqual(external)
    expect(await errorOf(() => crew.run(tasks('cancelled')))).toBeInstanceOf(CancelledError)
    const bug = await errorOf(() => crew.run(tasks('bug')))
    expect(bug.message).toBe('no such thing')
    expect(bug.stack).toContain('at x')
    await crew.close()
  })

  it('asks for nothing more of a run that failed, and is ready for the next', async () => {
    const crew = crewOf(
      `globalThis.seen = [...(globalThis.seen ?? []), column]
       if (column === 'a') fail({ kind: 'bug', message: 'a' }); else answer(globalThis.seen)`,
      1,
    )
    expect((await errorOf(() => crew.run(tasks('a', 'b', 'c')))).message).toBe('a')
    expect(answered(await crew.run(tasks('d')))).toEqual([['a', 'd']])
    await crew.close()
  })

  it('fails where a thread ends without an answer, and does not wait for ever', async () => {
    const crew = crewOf('process.exit(3)', 1)
    const error = await errorOf(() => crew.run(tasks('a', 'b', 'c')))
    expect(error.message).toBe('A thread that compares columns died: it ended with status 3')
    await crew.close()
  })

  it('fails where a thread throws what nobody catches', async () => {
    const crew = crewOf('throw new TypeError("unheard of")', 2)
    const error = await errorOf(() => crew.run(tasks('a', 'b', 'c', 'd')))
    expect(error.message).toBe('A thread that compares columns died: unheard of')
    await crew.close()
  })

  it('fails where the bundle of the thread is not there or cannot be read', async () => {
    const absent = pathToFileURL(`${folder.path}/absent.mjs`)
    const crew = threadCrew(absent, { threads: 2, signal: new AbortController().signal })
    expect((await errorOf(() => crew.run(tasks('a', 'b', 'c')))).message).toMatch(
      /^A thread .* died/,
    )
    await crew.close()
  })

  it('says how to mend it where a thread has no memory left', async () => {
    const crew = crewOf('const all = []; for (;;) all.push({ column })', 1)
    const error = await errorOf(() => crew.run(tasks('a')))
    expect(error.message).toMatch(/^MW-DRIFT-015: drift: .*drift\.threads/)
    await crew.close()
  })

  it('puts another thread in the place of one that died while it waited', async () => {
    const crew = crewOf(
      `answer([column]); if (column === 'a') setTimeout(() => process.exit(1), 20)`,
      1,
    )
    await crew.run(tasks('a'))
    await new Promise((done) => setTimeout(done, 200))
    expect(answered(await crew.run(tasks('b', 'c')))).toEqual([['b'], ['c']])
    await crew.close()
  })

  it('fails where a task cannot be handed over, and keeps the thread', async () => {
    const crew = crewOf('answer([column])', 1)
    const unclonable = { ...tasks('a')[0], extra: () => 0 } as unknown as Task
    const error = await errorOf(() => crew.run([unclonable, ...tasks('b')]))
    expect(error.message).toMatch(/^A task cannot be given to a thread: .*could not be cloned/)
    expect(answered(await crew.run(tasks('c')))).toEqual([['c']])
    await crew.close()
  })

  it('ends its threads when it is cancelled, whatever they are at', async () => {
    const controller = new AbortController()
    const crew = crewOf('for (;;);', 2, controller.signal)
    const running = errorOf(() => crew.run(tasks('a', 'b', 'c')))
    setTimeout(() => controller.abort(), 100)
    expect(await running).toBeInstanceOf(CancelledError)
    await crew.close()
    expect(await errorOf(() => crew.run(tasks('d')))).toBeInstanceOf(CancelledError)
  })

  it('does nothing where the run was cancelled before', async () => {
    const controller = new AbortController()
    controller.abort()
    const crew = crewOf('answer([column])', 2, controller.signal)
    expect(await errorOf(() => crew.run(tasks('a')))).toBeInstanceOf(CancelledError)
    await crew.close()
  })

  it('fails what is asked of it when it is closed, then and later', async () => {
    const crew = crewOf('for (;;);', 1)
    const running = errorOf(() => crew.run(tasks('a', 'b')))
    await crew.close()
    await crew.close()
    expect((await running).message).toBe('The threads were ended while they were at work.')
    expect((await errorOf(() => crew.run(tasks('c')))).message).toBe('The threads have ended.')
  })

  it('leaves nothing behind at the signal once it is closed', async () => {
    const { signal } = new AbortController()
    const crew = crewOf('answer([column])', 1, signal)
    await crew.run(tasks('a'))
    await crew.close()
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('a crew of this thread alone', () => {
  it('hears of a cancellation between two tasks, also where nothing is waited for', async () => {
    const controller = new AbortController()
    const crew = soloCrew(controller.signal)
    const column = {
      name: 'x',
      kind: 'numeric',
      type: 'number',
      values: new Float64Array(9),
      missing: 0,
    }
    const facts = { options: { root: folder.path, paths: [], where: 'w' }, files: [], columns: [] }
    const side = {
      kind: 'files',
      facts: { ...facts, partitions: [], isText: true },
      table: { rows: 9, columns: [column] },
    }
    const task = {
      kind: 'compare',
      context: 1,
      request: { reference: side, current: side },
      column: 'y',
    }
    const many = Array.from({ length: 1_000 }, () => task as unknown as Task)
    setImmediate(() => controller.abort())
    expect(await errorOf(() => crew.run(many))).toBeInstanceOf(CancelledError)
    await crew.close()
  })
})
