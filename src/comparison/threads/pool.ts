import { setImmediate } from 'node:timers/promises'
import { getHeapStatistics } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { CancelledError } from '../../errors.js'
import { isReadFromFiles } from '../request.js'
import { deathOf, messageOf } from './death.js'
import { type Answer, errorOf, type Reply, type Task } from './messages.js'
import { createPerformer } from './perform.js'
import { Queue } from './queue.js'

/** Does tasks, as many at once as there are threads. */
export interface Crew {
  /** The answers in the order of the tasks. The first failure ends the others. */
  readonly run: (tasks: readonly Task[]) => Promise<readonly Answer[]>
  /** Ends the threads; what is still asked of them fails. Returns when all are gone. */
  readonly close: () => Promise<void>
}

/** All in this thread: for data too small to be worth others. */
export function soloCrew(signal: AbortSignal): Crew {
  const perform = createPerformer()
  return {
    run: async (tasks) => {
      const answers: Answer[] = []
      for (const task of tasks) {
        // What is in memory is compared without a pause in which a cancellation could be heard.
        await setImmediate()
        if (signal.aborted) throw new CancelledError()
        answers.push(await perform(task, signal))
      }
      return answers
    },
    close: async () => undefined,
  }
}

const MEGABYTE = 2 ** 20

interface Job {
  readonly task: Task
  /** What was asked together: the first failure ends the others. */
  readonly batch: symbol
  readonly done: (answer: Answer) => void
  readonly failed: (error: Error) => void
}

interface ThreadOptions {
  /** How many at most: one is started when there is a task for it. */
  readonly threads: number
  readonly signal: AbortSignal
  /** Of texts and objects in one thread; as Node.js has it unless given. */
  readonly heapMegabytes?: number | undefined
}

/** Threads of the built worker. */
export function threadCrew(worker: URL, options: ThreadOptions): Crew {
  const pool = new Pool(worker, options)
  const { signal } = options
  const cancel = (): void => void pool.end(() => new CancelledError())
  signal.addEventListener('abort', cancel, { once: true })
  return {
    run: async (tasks) => {
      if (signal.aborted) throw new CancelledError()
      return pool.run(tasks)
    },
    close: () => {
      signal.removeEventListener('abort', cancel)
      return pool.end(() => new Error('The threads were ended while they were at work.'))
    },
  }
}

class Pool {
  readonly #worker: URL
  readonly #options: ThreadOptions
  /** What each living thread is at; undefined where it waits. */
  readonly #threads = new Map<Worker, Job | undefined>()
  readonly #waiting = new Queue<Job>()
  /** The requests that each thread keeps, by their context. */
  readonly #given = new WeakMap<Worker, Set<number>>()
  #ended: Promise<void> | undefined

  constructor(worker: URL, options: ThreadOptions) {
    this.#worker = worker
    this.#options = options
  }

  async run(tasks: readonly Task[]): Promise<readonly Answer[]> {
    if (this.#ended !== undefined) throw new Error('The threads have ended.')
    const batch = Symbol('batch')
    const answers = tasks.map(
      (task) =>
        new Promise<Answer>((done, failed) => this.#waiting.push({ task, batch, done, failed })),
    )
    this.#assign()
    return Promise.all(answers)
  }

  /** Fails what is asked still, and ends all threads. */
  end(reason: () => Error): Promise<void> {
    this.#ended ??= this.#terminate(reason)
    return this.#ended
  }

  async #terminate(reason: () => Error): Promise<void> {
    const threads = [...this.#threads.keys()]
    const jobs = [...this.#threads.values(), ...this.#waiting.keep(() => false)]
    this.#threads.clear()
    for (const job of jobs) job?.failed(reason())
    await Promise.all(threads.map((thread) => thread.terminate()))
  }

  #assign(): void {
    while (this.#waiting.length > 0 && this.#ended === undefined) {
      const thread = this.#idle() ?? this.#start()
      const job = thread && this.#waiting.shift()
      if (thread === undefined || job === undefined) return
      this.#threads.set(thread, job)
      this.#ask(thread, job)
    }
  }

  #ask(thread: Worker, job: Job): void {
    try {
      thread.postMessage({ task: this.#shortened(thread, job.task) })
    } catch (error) {
      this.#threads.set(thread, undefined)
      this.#fail(job, new Error(`A task cannot be given to a thread: ${messageOf(error)}`))
    }
  }

  /** A request of many columns is long, and the same for each of them. */
  #shortened(thread: Worker, task: Task): Task {
    if (task.kind !== 'compare' || task.request === undefined) return task
    const given = this.#given.get(thread) ?? new Set<number>()
    this.#given.set(thread, given)
    if (given.has(task.context)) return { ...task, request: undefined }
    if (isReadFromFiles(task.request)) given.add(task.context)
    return task
  }

  #idle(): Worker | undefined {
    for (const [thread, job] of this.#threads) if (job === undefined) return thread
    return undefined
  }

  #start(): Worker | undefined {
    const { threads, heapMegabytes } = this.#options
    if (this.#threads.size >= threads) return undefined
    // With a limit of its own a thread that has used it up ends alone, and not the whole process.
    const limit = heapMegabytes ?? Math.floor(getHeapStatistics().heap_size_limit / MEGABYTE)
    const thread = new Worker(this.#worker, { resourceLimits: { maxOldGenerationSizeMb: limit } })
    this.#threads.set(thread, undefined)
    thread.on('message', (reply: Reply) => this.#hear(thread, reply))
    // An answer that cannot be taken apart, an error that nobody caught, no memory left, or an end without a word.
    thread.on('messageerror', (error) => this.#lose(thread, error))
    thread.on('error', (error) => this.#lose(thread, error))
    thread.on('exit', (status) => this.#lose(thread, new Error(`it ended with status ${status}`)))
    return thread
  }

  #hear(thread: Worker, reply: Reply): void {
    const job = this.#threads.get(thread)
    // Of a thread that was given up.
    if (job === undefined) return
    this.#threads.set(thread, undefined)
    if ('answer' in reply) job.done(reply.answer)
    else this.#fail(job, errorOf(reply.failure))
    this.#assign()
  }

  /** A thread that is of no use any more: its task fails, and another thread takes its place. */
  #lose(thread: Worker, cause: unknown): void {
    if (!this.#threads.has(thread)) return
    const job = this.#threads.get(thread)
    this.#threads.delete(thread)
    void thread.terminate()
    if (job !== undefined) this.#fail(job, deathOf(cause))
    this.#assign()
  }

  #fail(failed: Job, error: Error): void {
    this.#waiting.keep(({ batch }) => batch !== failed.batch)
    failed.failed(error)
  }
}
