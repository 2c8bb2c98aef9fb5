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
}

export interface StoreFile {
  readonly path: string
  /** Bytes, or a file to copy. */
  readonly content: Uint8Array | { readonly file: string }
}
