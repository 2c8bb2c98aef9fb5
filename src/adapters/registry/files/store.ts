import { UserError } from '../../../errors.js'

/** A tree of files that is changed in one step or not at all. Paths are relative, with `/`. */
export interface Store {
  /** The content, or undefined when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>
  /**
   * Reads, lets `change` decide on files to write, and writes them all or none. When somebody else changed
   * the tree in between, `change` is called again on what is there then.
   */
  update<T>(change: (read: Store['read']) => Promise<StoreChange<T>>): Promise<T>
}

export interface StoreChange<T> {
  readonly result: T
  /** Empty: nothing is written. */
  readonly files: readonly StoreFile[]
  readonly message: string
  /** A folder that the files are new in: what an interrupted change left there goes first. */
  readonly newFolder?: string | undefined
}

export interface StoreFile {
  readonly path: string
  /** Bytes, or a file to copy, which must have this SHA-256 (hexadecimal) when it arrives. */
  readonly content: Uint8Array | CopiedFile
}

export interface CopiedFile {
  readonly file: string
  readonly sha256: string
}

/** The error for a file that is not, or no longer, what is to be stored. */
export function changedOnTheWay({ file }: CopiedFile, found: string): UserError {
  return new UserError({
    code: 'MW-REGISTRY-016',
    where: file,
    what: `the file was changed while it was registered: it is ${found} now.`,
    fix: 'Let no other step write the model, and run evaluate-gate and register-model again.',
  })
}
