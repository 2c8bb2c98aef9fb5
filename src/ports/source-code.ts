/** The version control that the working directory is in. */
export interface SourceCode {
  /**
   * Absolute paths of the files below the folder that are tracked, or new and not ignored; undefined when it is
   * under no version control.
   */
  trackedFiles(folder: string): Promise<readonly string[] | undefined>
  /** The commit that is checked out; undefined when there is none. */
  commit(folder: string): Promise<string | undefined>
}

/** The history of the working directory, as far as it is here. */
export interface History {
  /** The commit that a branch, tag or commit names here; undefined when it is not known here. */
  resolve(folder: string, reference: string): Promise<string | undefined>
  /** The newest commit that is in the history of both; undefined where the history here does not reach that far. */
  mergeBase(folder: string, a: string, b: string): Promise<string | undefined>
  /** A file as it is in a commit, its path relative to the folder; undefined when it is not there. */
  fileAt(folder: string, commit: string, path: string): Promise<Uint8Array | undefined>
  /** The same, its path relative to the top of the repository. */
  fileAtTop(folder: string, commit: string, path: string): Promise<Uint8Array | undefined>
  /** When a commit was made; undefined when it is not known here. */
  committedAt(folder: string, commit: string): Promise<Date | undefined>
}
