import { parentPort } from 'node:worker_threads'
import { type Asked, failureOf, type Reply } from './messages.js'
import { createPerformer } from './perform.js'

/** A thread that reads and compares columns. */
const perform = createPerformer()

parentPort?.on('message', async ({ task }: Asked) => {
  parentPort?.postMessage(await replyTo(task))
})

async function replyTo(task: Asked['task']): Promise<Reply> {
  try {
    return { answer: await perform(task) }
  } catch (error) {
    return { failure: failureOf(error) }
  }
}
