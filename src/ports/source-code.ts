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
