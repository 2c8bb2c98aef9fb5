import type { ProbeSection } from '../../config/deploy/probe.js'
import type { Cell, ModelSchema, Tensor, TensorSpec } from '../../domain/probe/tensor.js'
import type { HealthState, ModelEndpoint } from '../../ports/probe.js'
import { jsonOf, send } from './http.js'
import { notUnderstood, type Peer } from './peer.js'
import { requestedOutputs } from './requested.js'
import { schemaOnce } from './schema-once.js'
import { type InputTensor, tensorsOf } from './tensors.js'

/** The Open Inference Protocol v2 by REST: MLServer, KServe, Triton, TorchServe, OpenVINO. */
export function createV2Rest(peer: Peer, settings: ProbeSection): ModelEndpoint {
  const { model = '', 'model-version': version } = settings
  const of = `/v2/models/${encodeURIComponent(model)}`
  const path = version === undefined ? of : `${of}/versions/${encodeURIComponent(version)}`
  const state = async (name: string, at: string, signal: AbortSignal): Promise<HealthState> => {
    const { status, text } = await send(peer, { path: at }, signal)
    const ok = status === 200 && !saysNo(text)
    return { name, ok, what: ok ? '' : peer.hide(`status ${status} ${text.slice(0, 100)}`.trim()) }
  }
  const schema = async (signal: AbortSignal) =>
    schemaOf(peer, jsonOf(peer, await send(peer, { path }, signal)))
  const known = schemaOnce(schema)
  const outputs = requestedOutputs(settings).map((name) => ({ name }))
  return {
    address: peer.address,
    health: async (signal) => [
      await state('live', '/v2/health/live', signal),
      await state('ready', '/v2/health/ready', signal),
      await state('model ready', `${path}/ready`, signal),
    ],
    schema,
    predict: async (rows, signal) => {
      const found = settings.inputs === undefined ? await known(signal) : undefined
      const inputs = tensorsOf(rows, settings.inputs, found).map(written)
      const answer = await send(
        peer,
        { path: `${path}/infer`, body: outputs.length === 0 ? { inputs } : { inputs, outputs } },
        signal,
      )
      return { kind: 'tensors', outputs: outputsOf(peer, jsonOf(peer, answer)) }
    },
    close: () => undefined,
  }
}

/** KServe's server answers 200 with `{"ready": false}`. */
function saysNo(text: string): boolean {
  return /"(?:live|ready)"\s*:\s*(?:false|"false")/i.test(text)
}

function written({ name, datatype, shape, data, parameters }: InputTensor): object {
  return { name, datatype, shape, data, ...(parameters === undefined ? {} : { parameters }) }
}

function schemaOf(peer: Peer, body: unknown): ModelSchema {
  const { inputs, outputs } = members(body)
  return { inputs: specsOf(peer, inputs ?? []), outputs: specsOf(peer, outputs ?? []) }
}

function specsOf(peer: Peer, list: unknown): readonly TensorSpec[] {
  if (!Array.isArray(list))
    throw notUnderstood(peer, 'the metadata of the model have no list of inputs and outputs')
  return list.map((one) => specOf(peer, one))
}

function specOf(peer: Peer, one: unknown): TensorSpec {
  const { name, datatype, shape } = members(one)
  // Servers write lengths as numbers; Triton's and KServe's JSON of protobuf as texts.
  const sizes = Array.isArray(shape) ? shape.map(Number) : undefined
  if (typeof name !== 'string' || typeof datatype !== 'string' || !sizes?.every(Number.isInteger)) {
    throw notUnderstood(peer, `a tensor has no name, datatype or shape: ${JSON.stringify(one)}`)
  }
  return { name, datatype, shape: sizes }
}

function outputsOf(peer: Peer, body: unknown): readonly Tensor[] {
  const { outputs } = members(body)
  if (!Array.isArray(outputs)) throw notUnderstood(peer, 'the answer has no list of outputs')
  return outputs.map((one): Tensor => {
    const { data } = members(one)
    if (!Array.isArray(data)) throw notUnderstood(peer, 'an output has no data')
    return { ...specOf(peer, one), data: data.flat(8).map(cellOf) }
  })
}

function cellOf(value: unknown): Cell {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  return value === null || value === undefined ? null : JSON.stringify(value)
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
