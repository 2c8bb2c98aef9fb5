import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { formatPath, nearest } from '../../config/problems.js'
import { UserError } from '../../errors.js'
import type { Surroundings } from '../surroundings.js'
import { procedures } from './index.js'
import type { Procedure } from './procedure.js'

export interface StatsOptions {
  readonly procedure?: string | undefined
  readonly list?: boolean
}

/** `modelway stats`: 0, or 2 when a line or the procedure's name is wrong. */
export async function runStats(options: StatsOptions, surroundings: Surroundings): Promise<number> {
  try {
    if (options.list === true || options.procedure === undefined) return await list(surroundings)
    const procedure = await findProcedure(options.procedure)
    const input = await text(surroundings.stdin)
    for (const { value, where } of readObjects(input)) {
      surroundings.stdout.write(`${JSON.stringify(answer(procedure, value, where))}\n`)
    }
    return 0
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    surroundings.stderr.write(`${error.message}\n`)
    return 2
  }
}

async function findProcedure(name: string): Promise<Procedure> {
  const load = Object.hasOwn(procedures, name) ? procedures[name] : undefined
  if (load !== undefined) return load()
  const names = Object.keys(procedures)
  const suggestion = nearest(name, names)
  throw new UserError({
    code: 'MW-STATS-001',
    where: 'stats',
    what: `unknown procedure ${JSON.stringify(name)}.`,
    fix: suggestion === undefined ? `Known: ${names.join(', ')}.` : `Did you mean ${suggestion}?`,
  })
}

interface Line {
  readonly value: unknown
  readonly where: string
}

/** One object over many lines, or JSON Lines. */
function readObjects(input: string): readonly Line[] {
  const whole = tryParse(input)
  if (whole !== undefined) return [{ value: whole.value, where: 'standard input' }]
  const lines: Line[] = []
  for (const [index, line] of input.split('\n').entries()) {
    if (line.trim() === '') continue
    const where = `standard input:${index + 1}`
    const parsed = tryParse(line)
    if (parsed === undefined) throw notJson(where)
    lines.push({ value: parsed.value, where })
  }
  if (lines.length === 0) throw notJson('standard input')
  return lines
}

function tryParse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function notJson(where: string): UserError {
  return new UserError({
    code: 'MW-STATS-002',
    where,
    what: 'is not a JSON object.',
    fix: 'Write one object a line.',
  })
}

function answer(procedure: Procedure, value: unknown, where: string): unknown {
  const parsed = procedure.input.safeParse(value)
  if (parsed.success) return procedure.run(parsed.data)
  throw new UserError(
    parsed.error.issues.map((issue) => ({
      code: 'MW-STATS-003',
      where,
      what: `${formatPath(issue.path) || procedure.name}: ${issue.message}.`,
      fix: '`modelway stats --list` documents all inputs.',
    })),
  )
}

async function list({ stdout }: Surroundings): Promise<number> {
  for (const load of Object.values(procedures)) {
    const procedure = await load()
    stdout.write(`${procedure.name}: ${procedure.summary}\n`)
    for (const [name, description] of inputsOf(procedure))
      stdout.write(`  in   ${name.padEnd(16)} ${description}\n`)
    for (const [name, description] of Object.entries(procedure.output)) {
      stdout.write(`  out  ${name.padEnd(16)} ${description}\n`)
    }
    stdout.write('\n')
  }
  return 0
}

function inputsOf(procedure: Procedure): readonly (readonly [string, string])[] {
  const schema = z.toJSONSchema(procedure.input, { io: 'input', unrepresentable: 'any' })
  return Object.entries(schema.properties ?? {}).map(([name, property]) => [
    name,
    typeof property === 'object' ? (property.description ?? '') : '',
  ])
}
