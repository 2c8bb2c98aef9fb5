/** Where data comes from. */
export interface DataRequest {
  /** As the user wrote it: a path, a glob, `file:…`, `https:…`. */
  readonly source: string
  /** The version that must be delivered, in the source's own terms; undefined takes the newest. */
  readonly revision: string | undefined
  /** The folder for what is fetched, absolute, inside the working directory. */
  readonly target: string
  readonly signal: AbortSignal
}

export interface FetchedData {
  /** Absolute paths, sorted. */
  readonly files: readonly string[]
  /** What was delivered, precisely enough to ask for it again; undefined where the source has no versions. */
  readonly revision: string | undefined
  /** True when nothing had to be transferred. */
  readonly cacheHit: boolean
}

export interface DataSource {
  fetch(request: DataRequest): Promise<FetchedData>
  /** The files that a fetch would transfer, absolute: what is worth a cache. None where data is used in its place. */
  transfers(request: Pick<DataRequest, 'source' | 'target'>): readonly string[]
}
