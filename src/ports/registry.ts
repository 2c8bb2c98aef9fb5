/** Where models are kept under names and versions. */

export type Stage = 'staging' | 'production' | 'archived'

/** A file of a version: its name there, and its SHA-256 in lower-case hexadecimal. */
export interface RegisteredFile {
  readonly name: string
  readonly sha256: string
}

export interface RegisteredVersion {
  readonly name: string
  readonly version: string
  /** The digest of the model: that of its file, or of the list of its files. */
  readonly digest: string
  readonly files: readonly RegisteredFile[]
  readonly aliases: readonly string[]
  readonly stage: Stage | undefined
  readonly uri: string
  /** Undefined where the registry does not say. */
  readonly registeredAt?: Date | undefined
  /** Digests of the statements that the version was registered with, by kind. */
  readonly lineage: Readonly<Record<string, string>>
}

export interface RegisterRequest {
  readonly name: string
  readonly digest: string
  /** Absolute paths with the names that the files get. */
  readonly files: readonly (RegisteredFile & { readonly path: string })[]
  /** Files that explain the model: card, statements, predictions; by name. */
  readonly attachments: readonly { readonly name: string; readonly content: Uint8Array }[]
  readonly lineage: Readonly<Record<string, string>>
  readonly aliases: readonly string[]
  readonly stage: Stage | undefined
}

/** How a version is named: by number, by alias, or by stage. */
export type VersionReference =
  | { readonly version: string }
  | { readonly alias: string }
  | { readonly stage: Stage }

export interface ModelRegistry {
  /** The version, or undefined when there is none. */
  find(name: string, reference: VersionReference): Promise<RegisteredVersion | undefined>
  /** Idempotent: the same model registered twice is the same version, with the new aliases and stage. */
  register(
    request: RegisterRequest,
  ): Promise<{ readonly version: RegisteredVersion; readonly created: boolean }>
  /**
   * Moves aliases and sets the stage of a version, in one step. Another version in `production` becomes
   * `archived` when this one enters it.
   */
  point(
    name: string,
    version: string,
    to: { readonly aliases?: readonly string[]; readonly stage?: Stage | undefined },
  ): Promise<RegisteredVersion>
  /** Writes the version's model files, checked, below a folder; gives their absolute paths. */
  download(version: RegisteredVersion, folder: string): Promise<readonly string[]>
  /** An attachment's content, or undefined when the version has none of that name. */
  attachment(version: RegisteredVersion, name: string): Promise<Uint8Array | undefined>
}
