import { Worker } from 'node:worker_threads'
import { CancelledError } from '../../errors.js'
import { type Answer, errorOf, type Reply, type Task } from './messages.js'
import { createPerformer } from './perform.js'

/** Does tasks, as many at once as there are threads. */
export interface Crew {
  /** The answers in the order of the tasks. The first failure ends the others. */
  readonly run: (tasks: readonly Task[]) => Promise<readonly Answer[]>
  readonly close: () => Promise<void>
}

/** All in this thread: for data too small to be worth others. */
export function soloCrew(signal: AbortSignal): Crew {
  const perform = createPerformer()
  return {
    run: async (tasks) => {
      const answers: Answer[] = []
      for (const task of tasks) {
        if (signal.aborted) throw new CancelledError()
        answers.push(await perform(task, signal))
      }
      return answers
    },
    close: async () => undefined,
  }
}

interface Job {
  readonly task: Task
  readonly done: (answer: Answer) => void
  readonly failed: (error: Error) => void
}

/** Threads of the built worker. */
export function threadCrew(worker: URL, threads: number, signal: AbortSignal): Crew {
  const idle: Worker[] = []
  const all: Worker[] = []
  const waiting: Job[] = []
  const running = new Map<Worker, Job>()

  const start = (): Worker => {
    const thread = new Worker(worker)
    all.push(thread)
    thread.on('message', (reply: Reply) => {
      const job = running.get(thread)
      running.delete(thread)
      idle.push(thread)
      if ('answer' in reply) job?.done(reply.answer)
      else job?.failed(errorOf(reply.failure))
      next()
    })
    // Out of memory ends a thread with an error of its own.
    thread.on('error', (error) => running.get(thread)?.failed(error))
    return thread
  }

  const next = (): void => {
    while (waiting.length > 0) {
      const thread = idle.pop() ?? (all.length < threads ? start() : undefined)
      const job = thread && waiting.shift()
      if (thread === undefined || job === undefined) return
      running.set(thread, job)
      thread.postMessage({ id: 0, task: job.task })
    }
  }

  const close = async (): Promise<void> => {
    waiting.length = 0
    await Promise.all(all.splice(0).map((thread) => thread.terminate()))
  }
  signal.addEventListener('abort', () => {
    for (const job of [...running.values(), ...waiting]) job.failed(new CancelledError())
    void close()
  })

  return {
    close,
    run: async (tasks) => {
      if (signal.aborted) throw new CancelledError()
      const jobs = tasks.map(
        (task) => new Promise<Answer>((done, failed) => waiting.push({ task, done, failed })),
      )
      next()
      try {
        return await Promise.all(jobs)
      } catch (error) {
        waiting.length = 0
        throw error
      }
    },
  }
}
