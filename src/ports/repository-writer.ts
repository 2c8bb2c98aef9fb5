/** A file of a commit, and what it is besides its text. */
export interface TrackedFile {
  readonly text: string
  /** As git writes it, such as `100644`. */
  readonly mode: string
}

export interface CommitChange {
  /** The commit that it is made on. */
  readonly parent: string
  readonly message: string
  /** Whole texts by path; other files stay as they are. */
  readonly files: ReadonlyMap<string, TrackedFile>
}

/** A pull request from a branch of ours. */
export interface WrittenPull {
  readonly number: number
  readonly url: string
  readonly state: 'open' | 'merged' | 'closed'
  readonly headSha: string
  /** The commit that it became on its base, once it is merged. */
  readonly mergedAs: string | undefined
  /** False where it cannot be merged without a change of its own. */
  readonly mergeable: boolean
}

export type MergeAnswer =
  | { readonly is: 'merged'; readonly commit: string }
  /** A review, a check or a rule is missing; or the base has just moved. */
  | { readonly is: 'refused'; readonly because: string }

export type MergeMethod = 'merge' | 'squash' | 'rebase'

/** Changes of files as commits on branches of one repository, without a clone: each by compare-and-swap. */
export interface RepositoryWriter {
  /** `owner/name`. */
  readonly repository: string
  defaultBranch(): Promise<string>
  /** The commit that a branch is at; undefined where there is no such branch. */
  headOf(branch: string): Promise<string | undefined>
  /** A file at a commit; undefined where there is none. Throws UserError for a link, a folder, and what is no UTF-8. */
  read(commit: string, path: string): Promise<TrackedFile | undefined>
  /** Whether `ancestor` is the commit or in its history. */
  contains(commit: string, ancestor: string): Promise<boolean>
  /** Makes a commit that no branch has yet. */
  commit(change: CommitChange): Promise<string>
  /** Moves a branch forward; false, and nothing moved, where it has gone elsewhere meanwhile. */
  advance(branch: string, commit: string): Promise<boolean>
  /** Makes a branch of ours, or moves it wherever it was. */
  place(branch: string, commit: string): Promise<void>
  /** Twice is as once; closes what was asked from it. */
  removeBranch(branch: string): Promise<void>
  openPull(pull: {
    readonly from: string
    readonly into: string
    readonly title: string
    readonly body: string
  }): Promise<WrittenPull>
  /** The open one from a branch. */
  findPull(from: string, into: string): Promise<WrittenPull | undefined>
  pull(number: number): Promise<WrittenPull>
  closePull(number: number): Promise<void>
  merge(pull: WrittenPull, method: MergeMethod): Promise<MergeAnswer>
}

/** Opens a repository of the forge; this one, with the job's own token, unless others are given. */
export type OpenRepository = (other?: {
  /** `owner/name`. */
  readonly repository?: string | undefined
  readonly token?: string | undefined
}) => RepositoryWriter
