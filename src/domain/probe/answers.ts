import type { Prediction, Tensor } from './tensor.js'

/** Which value of an answer is one expected output. */
export interface OutputPlace {
  /** The name of a tensor, or the pointer (RFC 6901) into the value of a row; absent: the first tensor, the value itself. */
  readonly output?: string | undefined
  /** Which value of that output's row, from 0. */
  readonly index: number
}

/**
 * The values at the given places for each of `count` rows; undefined where the answer has none. A tensor's rows are its first
 * dimension, whatever shape it says that it has: only the number of its values counts.
 */
export function answeredValues(
  prediction: Prediction,
  count: number,
  places: readonly OutputPlace[],
): readonly (readonly unknown[])[] {
  return Array.from({ length: count }, (_, row) =>
    places.map((place) =>
      prediction.kind === 'tensors'
        ? ofTensors(prediction.outputs, { place, row, count })
        : ofValue(prediction.values[row], place),
    ),
  )
}

interface At {
  readonly place: OutputPlace
  readonly row: number
  readonly count: number
}

function ofTensors(outputs: readonly Tensor[], { place, row, count }: At): unknown {
  const { output, index } = place
  const tensor = output === undefined ? outputs[0] : outputs.find(({ name }) => name === output)
  if (tensor === undefined || tensor.data.length % count !== 0) return undefined
  const width = tensor.data.length / count
  return index < width ? tensor.data[row * width + index] : undefined
}

function ofValue(value: unknown, { output, index }: OutputPlace): unknown {
  const found = output === undefined ? value : valueAt(value, output)
  if (Array.isArray(found)) return found.flat(8)[index]
  return index === 0 ? found : undefined
}

/** The value that a JSON pointer (RFC 6901) names: `` is all, `/a/0` a member's first element. None -> undefined. */
export function valueAt(document: unknown, pointer: string): unknown {
  if (pointer === '') return document
  let value = document
  for (const part of pointer.replace(/^\//, '').split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}
