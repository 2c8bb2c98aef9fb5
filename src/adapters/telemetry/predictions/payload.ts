import { createRecent, type Recent } from '../../../domain/rollout/recent.js'
import { type CloudEvent, cloudEventOf } from './cloud-event.js'
import { fieldAt } from './field.js'
import { momentOf } from './moment.js'
import { type LogRecord, type RecordSettings, recordReader } from './record.js'

type Fields = Readonly<Record<string, unknown>>

/** What a record of a log is: an answer, something that goes with one (`nothing`), or unreadable (undefined). */
export type ReadLine = (fields: Fields) => LogRecord | 'nothing' | undefined

const QUESTION = /^(?:org\.kubeflow|io\.seldon)\.serving\.inference\.request$/
const ANSWER = /^(?:org\.kubeflow|io\.seldon)\.serving\.inference\.response$/

/** Questions that wait for their answer; beyond that the older ones are given up. */
const MOST_WAITING = 200_000

/**
 * Reads what the payload loggers of KServe and Seldon write. Answers are records; a question says when it was asked, if it comes
 * before its answer. Other events of theirs (outliers, drift) are nothing.
 */
export function payloadReader(settings: RecordSettings): ReadLine {
  const { columns } = settings
  const read = recordReader({
    ...settings,
    columns: {
      ...columns,
      version: columns.version ?? 'endpoint',
      prediction: columns.prediction ?? 'data',
    },
  })
  const idOf = columns.id === undefined ? usualId : fieldAt(columns.id)
  const asked = createRecent<number>(MOST_WAITING)
  return (fields) => {
    const event = cloudEventOf(fields)
    if (event === undefined) return undefined
    const { type } = event.attributes
    const flat = { ...event.attributes, data: event.data }
    const id = idOf(flat)
    if (QUESTION.test(String(type))) {
      remember(asked, id, event)
      return 'nothing'
    }
    if (!ANSWER.test(String(type))) return 'nothing'
    const record = read(flat)
    if (record === undefined || typeof id !== 'string' || id === '') return record
    return { ...record, id, latencyMs: record.latencyMs ?? took(asked, id, record.time) }
  }
}

/** In Seldon each event has an id of its own, and both have that of the request. */
function usualId({ requestid, id }: Fields): unknown {
  return requestid ?? id
}

function remember(asked: Recent<number>, id: unknown, { attributes }: CloudEvent): void {
  const time = momentOf(attributes['time'])
  if (typeof id !== 'string' || time === undefined) return
  asked.set(id, time)
}

function took(asked: Recent<number>, id: string, answered: number | undefined): number | undefined {
  const began = asked.take(id)
  if (began === undefined || answered === undefined || answered < began) return undefined
  return answered - began
}
