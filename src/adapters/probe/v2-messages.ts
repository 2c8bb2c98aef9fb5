import type { Cell, ModelSchema, Tensor, TensorSpec } from '../../domain/probe/tensor.js'
import { UserError } from '../../errors.js'
import { type Field, field, fields, numberField, varint, varints } from '../../grpc/protobuf.js'
import { cellOfWhole, rawData } from './raw-data.js'
import type { InputTensor } from './tensors.js'

/** The messages of inference.GRPCInferenceService (Open Inference Protocol), in protobuf's wire format. */

/** ModelReadyRequest, ModelMetadataRequest: name = 1, version = 2. */
export function modelRequest(model: string, version: string | undefined): Buffer {
  const name = field(1, model)
  return version === undefined ? name : Buffer.concat([name, field(2, version)])
}

/** The one boolean of ServerLiveResponse, ServerReadyResponse and ModelReadyResponse. */
export function isYes(response: Buffer): boolean {
  for (const { number, wire, value } of fields(response)) {
    if (number === 1 && wire === 'varint') return value !== 0n
  }
  return false
}

interface InferRequest {
  readonly model: string
  readonly version: string | undefined
  readonly inputs: readonly InputTensor[]
  /** The outputs to give, by name; none: all that the server gives. */
  readonly outputs: readonly string[]
}

/** ModelInferRequest: model_name = 1, model_version = 2, inputs = 5, outputs = 6 (name = 1). */
export function inferRequest({ model, version, inputs, outputs }: InferRequest): Buffer {
  return Buffer.concat([
    modelRequest(model, version),
    ...inputs.map((one) => field(5, inputOf(one))),
    ...outputs.map((name) => field(6, field(1, name))),
  ])
}

/** InferInputTensor: name = 1, datatype = 2, shape = 3, parameters = 4, contents = 5. */
function inputOf({ name, datatype, shape, data, parameters = {} }: InputTensor): Buffer {
  return Buffer.concat([
    field(1, name),
    field(2, datatype),
    field(3, Buffer.concat(shape.map(varint))),
    ...Object.entries(parameters).map(([key, value]) => field(4, parameterOf(key, value))),
    field(5, contentsOf(datatype, data)),
  ])
}

/** An entry of the map: key = 1, value = 2 (bool_param = 1, int64_param = 2, string_param = 3). */
function parameterOf(key: string, value: string | number | boolean): Buffer {
  const written =
    typeof value === 'string'
      ? field(3, value)
      : numberField(typeof value === 'boolean' ? 1 : 2, Number(value))
  return Buffer.concat([field(1, key), field(2, written)])
}

/** The field of InferTensorContents that a type is in. */
const CONTENTS: Readonly<Record<string, number>> = {
  BOOL: 1,
  INT8: 2,
  INT16: 2,
  INT32: 2,
  INT64: 3,
  UINT8: 4,
  UINT16: 4,
  UINT32: 4,
  UINT64: 5,
  FP32: 6,
  FP64: 7,
  BYTES: 8,
}

function contentsOf(datatype: string, data: readonly Cell[]): Buffer {
  const number = CONTENTS[datatype]
  if (number === undefined) throw noContents(datatype)
  if (datatype === 'BYTES') return Buffer.concat(data.map((value) => field(number, String(value))))
  if (!datatype.startsWith('FP')) {
    return field(number, Buffer.concat(data.map((value) => varint(Number(value)))))
  }
  const width = datatype === 'FP32' ? 4 : 8
  const packed = Buffer.alloc(data.length * width)
  for (const [i, value] of data.entries()) {
    if (width === 4) packed.writeFloatLE(Number(value), i * 4)
    else packed.writeDoubleLE(Number(value), i * 8)
  }
  return field(number, packed)
}

function noContents(datatype: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-353',
    where: 'deploy.probe.inputs',
    what: `the model takes ${JSON.stringify(datatype)}, which gRPC has no contents for.`,
    fix: 'Use protocol: v2 (REST), or name another datatype that the server takes.',
  })
}

/** ModelMetadataResponse: inputs = 4, outputs = 5. */
export function schemaFrom(response: Buffer): ModelSchema {
  const found = [...fields(response)]
  const specs = (number: number) => messages(found, number).map(specFrom)
  return { inputs: specs(4), outputs: specs(5) }
}

/** ModelInferResponse: outputs = 5, raw_output_contents = 6, one for each output where there are any. */
export function outputsFrom(response: Buffer): readonly Tensor[] {
  const found = [...fields(response)]
  const raw = messages(found, 6)
  return messages(found, 5).map((output, i): Tensor => {
    const spec = specFrom(output)
    const bytes = raw[i]
    if (bytes !== undefined) return { ...spec, data: rawData(spec.datatype, bytes) }
    return { ...spec, data: messages([...fields(output)], 5).flatMap(dataFrom) }
  })
}

/** TensorMetadata, InferOutputTensor: name = 1, datatype = 2, shape = 3. */
function specFrom(message: Buffer): TensorSpec {
  const found = [...fields(message)]
  const text = (number: number) => messages(found, number).at(-1)?.toString('utf8') ?? ''
  const shape = found.flatMap((one) => (one.number === 3 ? wholes(one) : []))
  return { name: text(1), datatype: text(2), shape: shape.map(signed).map(Number) }
}

function messages(found: readonly Field[], number: number): readonly Buffer[] {
  return found.flatMap((one) => (one.number === number && one.wire === 'bytes' ? [one.value] : []))
}

/** Whole numbers one by one, or packed. */
function wholes(one: Field): readonly bigint[] {
  if (one.wire === 'varint') return [one.value]
  return one.wire === 'bytes' ? [...varints(one.value)] : []
}

function signed(value: bigint): bigint {
  return BigInt.asIntN(64, value)
}

function dataFrom(contents: Buffer): readonly Cell[] {
  return [...fields(contents)].flatMap(cellsOf)
}

function cellsOf(one: Field): readonly Cell[] {
  const { number } = one
  if (number < 6) return wholes(one).map((value) => wholeOf(number, value))
  if (one.wire === 'varint') return []
  if (number === 8) return [one.value.toString('utf8')]
  return rawData(number === 6 ? 'FP32' : 'FP64', one.value)
}

/** Booleans are in field 1, numbers without a sign in 4 and 5. */
function wholeOf(number: number, value: bigint): Cell {
  if (number === 1) return value !== 0n
  return cellOfWhole(number < 4 ? signed(value) : value)
}
