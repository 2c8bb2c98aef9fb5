import { isOutOfMemory } from '../../domain/drift/unmeasured.js'
import { type ColumnComparer, createComparer } from '../compare-columns.js'
import { openFiles } from '../open-files.js'
import { type ComparisonRequest, isReadFromFiles } from '../request.js'
import { Room } from '../room.js'
import { summarise } from '../summaries/summarise.js'
import { outOfMemory } from './death.js'
import type { Answer, Task } from './messages.js'

/** Does tasks one after the other; what was opened for a request is kept for its next column. */
export function createPerformer(): Performer {
  const perform = createTaskPerformer()
  return async (task, signal) => {
    try {
      return await perform(task, signal)
    } catch (error) {
      throw isOutOfMemory(error) ? outOfMemory(error) : error
    }
  }
}

type Performer = (task: Task, signal?: AbortSignal) => Promise<Answer>

function createTaskPerformer(): Performer {
  const comparers = new Map<number, ColumnComparer>()
  const rooms: Room[] = []
  return async (task, signal) => {
    if (task.kind === 'open') return openFiles(task.options, signal)
    if (task.kind === 'summarise') {
      const samples = await summarise(task.facts, task.options, signal)
      return { kind: 'samples', samples }
    }
    // What is read from files is opened once; columns that came with the task are for it alone.
    const known = comparers.get(task.context)
    const comparer = known ?? createComparer(requestOf(task))
    if (known === undefined && isReadFromFiles(requestOf(task)))
      comparers.set(task.context, comparer)
    // Tasks that wait for a file at the same time have a room each.
    const room = rooms.pop() ?? new Room()
    const compared = await comparer.compare(task.column, { room, signal })
    rooms.push(room)
    return compared
  }
}

function requestOf({ request }: Extract<Task, { kind: 'compare' }>): ComparisonRequest {
  if (request === undefined) throw new TypeError('the first task of a request brings it')
  return request
}
