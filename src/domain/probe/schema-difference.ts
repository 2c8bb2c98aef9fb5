import { quoted } from './check.js'
import type { ModelSchema, TensorSpec } from './tensor.js'

type Side = 'input' | 'output'

/**
 * What differs between two schemas, in words; nothing where they are equal. Order is no difference, and neither is a length
 * against -1, which is any length. Where the expected schema names no inputs (or outputs) those are not compared.
 */
export function schemaDifferences(expected: ModelSchema, found: ModelSchema): readonly string[] {
  return [
    ...sideDifferences('input', expected.inputs, found.inputs),
    ...sideDifferences('output', expected.outputs, found.outputs),
  ]
}

function sideDifferences(
  side: Side,
  expected: readonly TensorSpec[],
  found: readonly TensorSpec[],
): readonly string[] {
  if (expected.length === 0) return []
  const missing = expected.flatMap((tensor) => {
    const same = found.find(({ name }) => name === tensor.name)
    return same === undefined
      ? [`${side} ${quoted(tensor.name)} is missing`]
      : tensorDifferences(side, tensor, same)
  })
  const added = found
    .filter(({ name }) => expected.every((tensor) => tensor.name !== name))
    .map(({ name }) => `${side} ${quoted(name)} is not expected`)
  return [...missing, ...added]
}

function tensorDifferences(side: Side, expected: TensorSpec, found: TensorSpec): readonly string[] {
  const differences: string[] = []
  const what = `${side} ${quoted(expected.name)}`
  if (expected.datatype !== found.datatype) {
    differences.push(`${what} is ${quoted(found.datatype)}, not ${quoted(expected.datatype)}`)
  }
  if (!sameShape(expected.shape, found.shape)) {
    differences.push(`${what} has the shape ${words(found.shape)}, not ${words(expected.shape)}`)
  }
  return differences
}

function sameShape(one: readonly number[], other: readonly number[]): boolean {
  if (one.length !== other.length) return false
  return one.every((size, i) => size === -1 || other[i] === -1 || size === other[i])
}

function words(shape: readonly number[]): string {
  return quoted(shape)
}
