import { type ActionContract, describeInput, type InputSpec } from './contract.js'
import { defaultOf, valuesOf } from './settings-schema.js'

/** The configuration file lies between an input and its default, so the default is said, not set. */
export function documentInput(contract: ActionContract, name: string, spec: InputSpec): string {
  const parts = [describeInput(contract, name, spec)]
  const add = (text: string | undefined, unless: RegExp): void => {
    if (text !== undefined && !unless.test(parts[0] ?? '')) parts.push(text)
  }
  const values = valuesOf(contract.settings, name)
  add(values && `One of: ${values.map((value) => `\`${value}\``).join(', ')}.`, /`/)
  add(FORMS[spec.kind], /a line|YAML/)
  const fallback = spec.default === undefined ? defaultOf(contract.settings, name) : undefined
  add(fallback && `Default: \`${fallback}\`.`, /Default:/)
  return parts.join(' ')
}

const FORMS: Readonly<Record<string, string>> = { list: 'One a line.', yaml: 'Written as YAML.' }
