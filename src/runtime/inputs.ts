import * as YAML from 'yaml'
import { unusable } from '../config/problems.js'
import type { Problem } from '../errors.js'
import type { InputSpec } from './contract.js'

/** The text of an input; undefined where it is not set. */
export type ReadInput = (name: string) => string | undefined

export function isBoolean(text: string): boolean {
  return text === 'true' || text === 'false'
}

export function badInput(name: string, what: string): Problem {
  return { code: 'MW-INPUT-001', where: `input ${name}`, what }
}

/** The values of the inputs that are given; what cannot be parsed is told to `problems`. */
export function readInputs(
  specs: Readonly<Record<string, InputSpec>>,
  readInput: ReadInput,
  problems: Problem[],
): {
  readonly inputs: Readonly<Record<string, unknown>>
  /** The names of those that could not be parsed. */
  readonly refused: ReadonlySet<string>
} {
  const values: Record<string, unknown> = {}
  const refused = new Set<string>()
  for (const [name, spec] of Object.entries(specs)) {
    const text = readInput(name)
    if (text === undefined) continue
    const value = parseInput(spec, text)
    if ('problem' in value) {
      refused.add(name)
      problems.push(badInput(name, value.problem))
    } else values[name] = value.value
  }
  return { inputs: values, refused }
}

function parseInput(
  spec: InputSpec,
  text: string,
): { readonly value: unknown } | { readonly problem: string } {
  switch (spec.kind) {
    case 'text':
      return { value: text.trim() }
    case 'list':
      return {
        value: text
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
      }
    case 'number':
      return parseNumber(text.trim())
    case 'boolean':
      if (isBoolean(text.trim())) return { value: text.trim() === 'true' }
      return { problem: `must be true or false, not ${JSON.stringify(text.trim())}.` }
    case 'yaml':
      return parseYaml(text)
  }
}

function parseNumber(text: string): { readonly value: number } | { readonly problem: string } {
  const value = Number(text)
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) && Number.isFinite(value)) return { value }
  return { problem: `must be a number, not ${JSON.stringify(text)}.` }
}

function parseYaml(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    const value: unknown = YAML.parse(text, {
      version: '1.2',
      maxAliasCount: 100,
      prettyErrors: true,
    })
    const [bad] = unusable({ value }, [''])
    return bad === undefined ? { value } : { problem: bad.what }
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return { problem: `is not valid YAML: ${reason}` }
  }
}
