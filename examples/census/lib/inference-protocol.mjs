/**
 * The Open Inference Protocol v2 (REST) for one model: a function from a request to an answer, with no
 * socket in it. See https://github.com/kserve/open-inference-protocol
 */
import { createScorer } from './trees.mjs'

const INTEGER_TYPES = ['INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'UINT32', 'UINT64']
const OUTPUTS = [
  { name: 'employed', datatype: 'INT64', shape: [-1] },
  { name: 'probability', datatype: 'FP64', shape: [-1] },
]

/** What is wrong with a request, as the client is told it. */
class RequestError extends Error {
  constructor(status, message, headers) {
    super(message)
    Object.assign(this, { status, headers })
  }
}

/** Returns `({ method, path, body }) => { status, body, headers?, inference? }`. */
export function createProtocol({ name, version, model }) {
  const served = { name, version, features: model.features, score: createScorer(model) }
  return ({ method, path, body }) => {
    try {
      const route = findRoute(served, path)
      if (method !== route.method) {
        throw new RequestError(405, `${path} takes ${route.method}, not ${method}.`, {
          allow: route.method,
        })
      }
      return { status: 200, inference: route.method === 'POST', body: route.answer(body) }
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
      return { status: error.status, headers: error.headers, body: { error: error.message } }
    }
  }
}

function findRoute(served, path) {
  const get = (answer) => ({ method: 'GET', answer })
  if (path === '/v2')
    return get(() => ({ name: 'census-server', version: '1.0.0', extensions: [] }))
  if (path === '/v2/health/live') return get(() => ({ live: true }))
  if (path === '/v2/health/ready') return get(() => ({ ready: true }))

  const match = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?$/.exec(path)
  if (!match) throw new RequestError(404, `There is nothing at ${path}.`)
  const [, name, version = served.version, verb] = match
  if (name !== encodeURIComponent(served.name))
    throw new RequestError(404, `Unknown model "${name}".`)
  if (version !== encodeURIComponent(served.version)) {
    throw new RequestError(404, `Model "${name}" has no version "${version}".`)
  }
  if (verb === 'infer') return { method: 'POST', answer: (body) => infer(served, body) }
  if (verb === 'ready') return get(() => ({ name: served.name, ready: true }))
  return get(() => metadata(served))
}

function metadata({ name, version, features }) {
  const inputs = features.map((feature) => ({ name: feature, datatype: 'INT64', shape: [-1] }))
  return { name, versions: [version], platform: 'census-trees', inputs, outputs: OUTPUTS }
}

function infer(served, text) {
  const request = parseRequest(text)
  const { rows, matrix } = readInputs(served.features, request.inputs)
  const scores = Array.from({ length: rows }, (_, row) => served.score(matrix, row))
  const data = { employed: scores.map((score) => (score >= 0.5 ? 1 : 0)), probability: scores }
  return {
    model_name: served.name,
    model_version: served.version,
    ...(request.id === undefined ? {} : { id: request.id }),
    outputs: wantedOutputs(request).map((output) => ({
      ...output,
      shape: [rows],
      data: data[output.name],
    })),
  }
}

function parseRequest(text) {
  let request
  try {
    request = JSON.parse(text)
  } catch {
    throw new RequestError(400, 'The body is not JSON.')
  }
  if (!Array.isArray(request?.inputs))
    throw new RequestError(400, '"inputs" must be a list of tensors.')
  if (request.id !== undefined && typeof request.id !== 'string') {
    throw new RequestError(400, '"id" must be a string.')
  }
  return request
}

/** All outputs, or those that the request names. */
function wantedOutputs({ outputs }) {
  if (outputs === undefined) return OUTPUTS
  if (!Array.isArray(outputs)) throw new RequestError(400, '"outputs" must be a list.')
  return outputs.map((wanted) => {
    const output = OUTPUTS.find(({ name }) => name === wanted?.name)
    if (!output) throw new RequestError(400, `Unknown output "${wanted?.name}".`)
    return output
  })
}

/** Turns the input tensors, one a feature, into the row-major matrix that the model takes. */
function readInputs(features, inputs) {
  const byName = new Map(inputs.map((input) => [input?.name, input]))
  if (byName.size < inputs.length) throw new RequestError(400, 'An input is given twice.')
  for (const name of byName.keys()) {
    if (!features.includes(name)) throw new RequestError(400, `Unknown input "${name}".`)
  }
  const columns = features.map((name) => {
    if (!byName.has(name)) throw new RequestError(400, `Input "${name}" is missing.`)
    return readTensor(byName.get(name))
  })
  const rows = columns[0].length
  const odd = columns.findIndex((column) => column.length !== rows)
  if (odd > 0) {
    const found = `${columns[odd].length} values, but "${features[0]}" has ${rows}`
    throw new RequestError(400, `Input "${features[odd]}" has ${found}.`)
  }
  const matrix = Int32Array.from({ length: rows * features.length }, (_, i) => {
    return columns[i % features.length][Math.floor(i / features.length)]
  })
  return { rows, matrix }
}

function readTensor({ name, datatype, shape, data }) {
  if (!INTEGER_TYPES.includes(datatype)) {
    throw new RequestError(400, `Input "${name}" must be of an integer type, not "${datatype}".`)
  }
  const [rows, width = 1] = Array.isArray(shape) ? shape : []
  if (!Number.isInteger(rows) || rows < 1 || width !== 1 || shape.length > 2) {
    throw new RequestError(400, `Input "${name}" must have the shape [n] or [n, 1].`)
  }
  const values = Array.isArray(data) ? data.flat() : []
  if (values.length !== rows) {
    throw new RequestError(
      400,
      `Input "${name}" has the shape [${shape}], but ${values.length} values.`,
    )
  }
  if (!values.every((value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31)) {
    throw new RequestError(400, `Input "${name}" must hold integers of at most 32 bits.`)
  }
  return values
}
