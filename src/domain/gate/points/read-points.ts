import type { Checked, Problem } from '../../problem.js'
import type { Points, PointValue } from './point-values.js'

/** A file of metrics holds tens of numbers; with more than this it is something else. */
const MOST_VALUES = 10_000
const MOST_DEPTH = 10
const LONGEST_NAME = 300
const LONGEST_LIST = 10_000

type Values = Map<string, PointValue>

/**
 * The numbers of parsed JSON by name: nested objects flattened with slashes, as in training statements, a list of numbers kept as one value a fold or seed,
 * null as a number that is missing (NaN). Other texts and booleans are left out; a number written as a text is a problem,
 * since leaving it out in silence would look like a missing metric. `file` is its name for messages.
 */
export function readPoints(json: unknown, file: string): Checked<Points> {
  if (!isObject(json)) {
    return { problems: [limit(file, 'it must be an object of names and numbers')] }
  }
  const values: Values = new Map()
  const problems: Problem[] = []
  flatten({ file, values, problems }, json, { name: '', depth: 0 })
  if (problems.length > 0) return { problems: problems.slice(0, 20) }
  return { value: Object.fromEntries(values) }
}

interface Reading {
  readonly file: string
  readonly values: Values
  readonly problems: Problem[]
}

interface Place {
  readonly name: string
  readonly depth: number
}

function flatten(reading: Reading, json: object, place: Place): void {
  if (place.depth >= MOST_DEPTH) {
    reading.problems.push(limit(reading.file, `it is nested more than ${MOST_DEPTH} levels deep`))
    return
  }
  for (const [key, value] of Object.entries(json)) {
    const name = place.name === '' ? key : `${place.name}/${key}`
    if (name.length > LONGEST_NAME) {
      reading.problems.push(limit(reading.file, `a name has more than ${LONGEST_NAME} characters`))
      return
    }
    readOne(reading, value, { name, depth: place.depth + 1 })
    if (reading.problems.length > 0) return
  }
}

function readOne(reading: Reading, value: unknown, place: Place): void {
  if (typeof value === 'number') add(reading, place.name, value)
  else if (value === null) add(reading, place.name, Number.NaN)
  else if (typeof value === 'string') refuseNumber(reading, place.name, value)
  else if (Array.isArray(value) && isListOfNumbers(value)) addList(reading, place.name, value)
  else if (typeof value === 'object') flatten(reading, value, place)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOfNumbers(list: readonly unknown[]): list is readonly (number | null)[] {
  return list.length > 0 && list.every((one) => typeof one === 'number' || one === null)
}

function addList(reading: Reading, name: string, list: readonly (number | null)[]): void {
  if (list.length > LONGEST_LIST) {
    const what = `${shown(name)} is a list of ${list.length} numbers, and may have ${LONGEST_LIST}`
    reading.problems.push(limit(reading.file, what))
    return
  }
  add(
    reading,
    name,
    list.map((one) => one ?? Number.NaN),
  )
}

function add(reading: Reading, name: string, value: PointValue): void {
  const { file, values, problems } = reading
  if (values.has(name)) problems.push(limit(file, `${shown(name)} is there twice`))
  else if (values.size >= MOST_VALUES) {
    problems.push(limit(file, `it has more than ${MOST_VALUES} numbers`))
  }
  values.set(name, value)
}

function refuseNumber({ file, problems }: Reading, name: string, text: string): void {
  const reads = text.length <= 40 && /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(text)
  if (!reads) return
  problems.push({
    code: 'MW-GATE-046',
    where: file,
    what: `${shown(name)} is the text ${JSON.stringify(text)}, and must be a number.`,
    fix: 'Write it without quotes.',
  })
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 60))
}

function limit(file: string, what: string): Problem {
  return {
    code: 'MW-GATE-047',
    where: file,
    what: `${what}.`,
    fix: 'Write one JSON object with a number for each metric, such as {"bleu": 0.31}.',
  }
}
