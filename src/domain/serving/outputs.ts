/** What a model answered of one output. */
export type OutputValue = string | number | boolean | null

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** First value of each output of an Open Inference Protocol v2 answer; of v1 `predictions` under that name. */
export function firstOutputs(body: unknown): Record<string, OutputValue> {
  const found: Record<string, OutputValue> = {}
  if (!isObject(body)) return found
  const outputs = Array.isArray(body['outputs']) ? body['outputs'] : []
  for (const output of outputs) {
    if (!isObject(output) || typeof output['name'] !== 'string') continue
    const value = firstScalar(output['data'])
    if (value !== undefined) found[output['name']] = value
  }
  const prediction = firstScalar(body['predictions'])
  if (prediction !== undefined) found['predictions'] = prediction
  return found
}

/** The output that is the prediction: the named one; without a name `prediction`, else the first. */
export function chosenOutput(
  outputs: Readonly<Record<string, OutputValue>>,
  name: string | undefined,
): OutputValue | undefined {
  if (name !== undefined) return Object.hasOwn(outputs, name) ? outputs[name] : undefined
  return outputs['prediction'] ?? Object.values(outputs)[0]
}

/** The first value within lists of lists; undefined where there is none. */
export function firstScalar(data: unknown): OutputValue | undefined {
  let value = data
  while (Array.isArray(value)) value = value[0]
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  return value === null ? null : undefined
}
