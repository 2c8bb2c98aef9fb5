import type { Workspace } from '../../files/workspace.js'
import type { ModelRegistry } from '../../ports/registry.js'

export interface RegistryContext {
  readonly workspace: Workspace
  /** Where the registry is, in its own terms. */
  readonly location: string
  readonly now: () => Date
  /** The environment for programs that an adapter runs. */
  readonly env: Readonly<Record<string, string | undefined>>
}

const registries = {
  files: async (context: RegistryContext) =>
    (await import('./files/index.js')).createFilesRegistry(context),
} as const satisfies Readonly<Record<string, (context: RegistryContext) => Promise<ModelRegistry>>>

export type RegistryKind = keyof typeof registries

/** Opens a registry by its kind; only the one that is named is loaded. */
export function openRegistry(kind: RegistryKind, context: RegistryContext): Promise<ModelRegistry> {
  return registries[kind](context)
}
