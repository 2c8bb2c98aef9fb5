import type { ColumnComparison } from '../../../domain/drift/decide.js'
import { orFailure } from '../../../domain/drift/unmeasured.js'
import type { Ask } from './ask.js'
import { type ColumnInEngine, compareInEngine } from './compare-column.js'

/** Compares one column of two tables; where that fails by a fault of the program, the column is open and the others go on. */
export async function compareOrFailure(column: ColumnInEngine): Promise<ColumnComparison> {
  // What an engine says, or does not, is no fault of the program.
  const answered = new Set<unknown>()
  const ask: Ask = async (query) => {
    try {
      return await column.ask(query)
    } catch (error) {
      answered.add(error)
      throw error
    }
  }
  try {
    return await compareInEngine({ ...column, ask })
  } catch (error) {
    if (answered.has(error) || !isFault(error)) throw error
    const found = orFailure((): never => {
      throw error
    })
    const failure = 'failure' in found ? found.failure : ''
    return { plan: { ...planOf(column), failure }, measured: undefined }
  }
}

/** Errors that the program throws on purpose have names of their own. */
function isFault(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError
}

function planOf({ policy, reference: { summary }, current }: ColumnInEngine) {
  const { name, type } = summary.column
  const isNumeric = summary.numbers !== undefined
  return {
    name,
    kind: isNumeric ? 'numeric' : 'categorical',
    critical: policy.columns.critical.includes(name),
    testName: isNumeric ? 'ks' : 'chi-square',
    type: type === 'other' ? 'string' : type === 'date' ? 'timestamp' : type,
    present: current !== undefined,
    mismatch: undefined,
    textual: undefined,
  } as const
}
