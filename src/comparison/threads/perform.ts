import { isOutOfMemory } from '../../domain/drift/unmeasured.js'
import { type ColumnComparer, createComparer } from '../compare-columns.js'
import { openFiles } from '../open-files.js'
import { Room } from '../room.js'
import type { SourceFacts } from '../source.js'
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
    const isRead = [task.request.reference, task.request.current].every(isReadFromFiles)
    const known = isRead ? comparers.get(task.context) : undefined
    const comparer = known ?? createComparer(task.request)
    if (isRead) comparers.set(task.context, comparer)
    // Tasks that wait for a file at the same time have a room each.
    const room = rooms.pop() ?? new Room()
    const compared = await comparer.compare(task.column, { room, signal })
    rooms.push(room)
    return compared
  }
}

function isReadFromFiles(source: SourceFacts): boolean {
  return source.kind === 'files' && source.table === undefined
}
