import { RegistrySection } from '../../config/registry.js'
import type { ActionContract } from '../../runtime/contract.js'

export const contract = {
  name: 'register-model',
  title: 'Modelway: register model',
  description:
    'Registers the very model that the gate passed, with its record and a model card; the same bytes are the same version.',
  branding: { icon: 'archive', color: 'green' },
  statement: 'model',
  section: 'registry',
  settings: RegistrySection,
  inputs: {
    registry: { kind: 'text' },
    location: { kind: 'text' },
    name: { kind: 'text' },
    model: { kind: 'list' },
    alias: { kind: 'list' },
    stage: { kind: 'text' },
    card: { kind: 'text' },
  },
  outputs: {
    name: { description: 'The name of the model.' },
    version: { description: 'The version in the registry.' },
    uri: { description: 'Where the version is.' },
    digest: {
      description: 'The digest of the model, `sha256:…` (that of the statement is in `json`).',
    },
    created: {
      description: '`true` when the version is new, `false` when these bytes were there already.',
    },
  },
  permissions: { contents: 'write: to push to the branch, when the registry is on one; else read' },
} as const satisfies ActionContract<typeof RegistrySection>
