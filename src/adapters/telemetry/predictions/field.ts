import { isObject } from '../../../domain/serving/outputs.js'

/** Gives what stands at a place of a record; undefined where there is nothing. */
export type Field = (record: Readonly<Record<string, unknown>>) => unknown

/** A key of that very name goes first; then its dots are steps into what is nested, JSON within a text too. */
export function fieldAt(path: string): Field {
  const steps = path.split('.')
  if (steps.length === 1) return (record) => ownValue(record, path)
  return (record) => {
    const direct = ownValue(record, path)
    if (direct !== undefined) return direct
    let value: unknown = record
    for (const step of steps) value = stepInto(value, step)
    return value
  }
}

function stepInto(value: unknown, step: string): unknown {
  if (typeof value === 'string') return stepInto(parsedJson(value), step)
  if (Array.isArray(value)) return value[Number(step)]
  return isObject(value) ? ownValue(value, step) : undefined
}

function ownValue(record: Readonly<Record<string, unknown>>, key: string): unknown {
  // What is inherited, such as `constructor`, is no part of a record.
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/** The object or list that a text is the JSON of; undefined where it is neither. */
export function parsedJson(text: string): unknown {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
