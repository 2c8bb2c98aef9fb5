import type { ProbeInput } from '../../config/deploy/probe.js'
import type { Cell, ModelSchema, Rows, Tensor } from '../../domain/probe/tensor.js'
import { UserError } from '../../errors.js'

/** A tensor to send, with the parameters that some servers want. */
export interface InputTensor extends Tensor {
  readonly parameters?: ProbeInput['parameters']
}

/**
 * Rows as the tensors of the Open Inference Protocol: as the settings name them, else as the model says that it takes them, else all
 * columns in one tensor of FP64.
 */
export function tensorsOf(
  rows: Rows,
  inputs: readonly ProbeInput[] | undefined,
  schema: ModelSchema | undefined,
): readonly InputTensor[] {
  const wanted = inputs ?? fromSchema(schema) ?? [{ name: 'input-0', datatype: 'FP64' as const }]
  return wanted.map((input) => tensorOf(rows, input))
}

type Wanted = Pick<ProbeInput, 'columns' | 'parameters'> & {
  readonly name: string
  readonly datatype: string
  readonly shape?: readonly number[] | undefined
}

function fromSchema(schema: ModelSchema | undefined): readonly Wanted[] | undefined {
  if (schema === undefined || schema.inputs.length === 0) return undefined
  return schema.inputs
}

function tensorOf(rows: Rows, wanted: Wanted): InputTensor {
  const { name, datatype, parameters } = wanted
  const own = rows.columns.includes(name) ? [name] : rows.columns
  const places = (wanted.columns ?? own).map((column) => placeOf(rows, column))
  const data = rows.rows.flatMap((row) =>
    places.map((place) => fitting(row[place] ?? null, datatype, rows.columns[place] ?? '')),
  )
  const shape = shapeOf(wanted.shape ?? [-1, places.length], rows.rows.length, data.length)
  if (shape === undefined) throw wrongShape(name, wanted.shape ?? [], places.length)
  return { name, datatype, shape, data, ...(parameters === undefined ? {} : { parameters }) }
}

function placeOf(rows: Rows, column: string): number {
  const place = rows.columns.indexOf(column)
  if (place !== -1) return place
  throw new UserError({
    code: 'MW-DEPLOY-343',
    where: 'deploy.probe.inputs',
    what: `the examples have no column ${JSON.stringify(column)}. Found: ${rows.columns.join(', ')}.`,
    fix: 'Name columns of deploy.probe.golden.file that are sent.',
  })
}

/** The shape with its one length that is open filled in; undefined where the values do not fill it. */
function shapeOf(
  shape: readonly number[],
  rows: number,
  values: number,
): readonly number[] | undefined {
  const [first = -1, ...others] = shape
  const known = others.reduce((product, size) => (size === -1 ? product : product * size), 1)
  const open = others.filter((size) => size === -1).length
  const lead = first === -1 || first === rows ? rows : undefined
  if (lead === undefined || open > 1 || known === 0) return undefined
  const rest = values / (lead * known)
  const filled = others.map((size) => (size === -1 ? rest : size))
  const product = [lead, ...filled].reduce((all, size) => all * size, 1)
  return product === values && filled.every(Number.isInteger) ? [lead, ...filled] : undefined
}

function wrongShape(name: string, shape: readonly number[], columns: number): UserError {
  return new UserError({
    code: 'MW-DEPLOY-344',
    where: 'deploy.probe.inputs',
    what: `rows of ${columns} columns do not fill input ${JSON.stringify(name)} of the shape ${JSON.stringify(shape)}.`,
    fix: 'Name its columns with deploy.probe.inputs, or leave columns out with deploy.probe.golden.inputs.',
  })
}

/** The value as its type has it. */
function fitting(value: Cell, datatype: string, column: string): Cell {
  const fits = fittingOrNone(value, datatype)
  if (fits !== undefined) return fits
  throw new UserError({
    code: 'MW-DEPLOY-348',
    where: 'deploy.probe.golden',
    what: `column ${JSON.stringify(column)} holds ${JSON.stringify(value)}, which cannot be sent as ${datatype}.`,
    fix: 'Correct the example, or name another datatype with deploy.probe.inputs.',
  })
}

function fittingOrNone(value: Cell, datatype: string): Cell | undefined {
  if (datatype === 'BYTES') return value === null ? '' : String(value)
  if (datatype === 'BOOL') return truthOf(value)
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  return /^(?:U?INT)/.test(datatype) && !Number.isInteger(value) ? undefined : value
}

function truthOf(value: Cell): boolean | undefined {
  if (value === true || value === 'true' || value === 1) return true
  return value === false || value === 'false' || value === 0 ? false : undefined
}
