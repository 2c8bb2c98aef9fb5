import type * as z from 'zod'
import type { StatementKind } from '../statements/statement.js'

/**
 * How the text of an input becomes a value of the settings: `text` as it is, `list` one item a line,
 * `yaml` parsed, `number` and `boolean` strictly.
 */
export type InputKind = 'text' | 'list' | 'yaml' | 'number' | 'boolean'

export interface InputSpec {
  readonly kind: InputKind
  /** Absent where the key of the settings that it overrides says it. */
  readonly description?: string
  readonly secret?: boolean
  /** Written to action.yml. Only for inputs that override no key of the configuration. */
  readonly default?: string
  readonly deprecated?: string
}

export interface OutputSpec {
  readonly description: string
}

/** What users see of an action: the only place where its inputs and outputs are declared. */
export interface ActionContract<S extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly title: string
  readonly description: string
  /** Feather icon and colour for action.yml. */
  readonly branding: { readonly icon: string; readonly color: string }
  /** The statement that the action writes. */
  readonly statement: StatementKind
  /** The section of modelway.yml, whose keys the inputs of the same names override. */
  readonly section: 'data' | 'train' | 'gate' | 'registry' | 'deploy' | 'drift'
  readonly settings: S
  readonly inputs: Readonly<Record<string, InputSpec>>
  readonly outputs: Readonly<Record<string, OutputSpec>>
  /** `permissions:` of the job, each with the reason for it. */
  readonly permissions: Readonly<Record<string, string>>
  /** True when the bundle also runs as the action's `post` step. */
  readonly post?: boolean
}

/** The inputs that all actions have. */
export const commonInputs = {
  config: {
    kind: 'text',
    description: 'The configuration file.',
    default: 'modelway.yml',
  },
  'working-directory': {
    kind: 'text',
    description:
      'The folder that paths are relative to, and that nothing is read or written outside of.',
    default: '.',
  },
  statements: {
    kind: 'text',
    description: 'The folder of the statements, inside the working directory.',
    default: '.modelway',
  },
  'github-token': {
    kind: 'text',
    description: 'The token for comments and deployments.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub Actions.
    default: '${{ github.token }}',
    secret: true,
  },
  comment: {
    kind: 'text',
    description:
      'When to comment on the pull request: `auto` (when there is one), `always` (a warning when it cannot be done) or `off`. On the command line the comment is the file `comment.md` beside the statements: `always` writes it, and one that is there is kept up to date.',
    default: 'auto',
  },
  'dry-run': {
    kind: 'boolean',
    description:
      'Do everything but change: no statement, comment, registration, traffic or cache is written.',
    default: 'false',
  },
} as const satisfies Readonly<Record<string, InputSpec>>

/** The outputs that all actions have. */
export const commonOutputs = {
  statement: { description: 'The path of the statement that was written.' },
  digest: { description: 'The digest of the statement, `sha256:…`.' },
  json: {
    description: 'Everything the action found, as one line of JSON with a `schema_version`.',
  },
} as const satisfies Readonly<Record<string, OutputSpec>>

/** What users read of an input: its own words, or those of the key that it overrides. */
export function describeInput(contract: ActionContract, name: string, spec: InputSpec): string {
  const description = spec.description ?? contract.settings.shape[name]?.description
  if (description === undefined)
    throw new TypeError(`${contract.name}: input ${name} is not described`)
  return description
}
