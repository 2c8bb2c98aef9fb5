import { parentPort } from 'node:worker_threads'
import { type Asked, failureOf, type Reply } from './messages.js'
import { createPerformer } from './perform.js'

/** A thread that reads and compares columns. */
const perform = createPerformer()

parentPort?.on('message', async ({ id, task }: Asked) => {
  let reply: Reply
  try {
    reply = { id, answer: await perform(task) }
  } catch (error) {
    reply = { id, failure: failureOf(error) }
  }
  parentPort?.postMessage(reply)
})
