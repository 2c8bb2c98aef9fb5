/** Where training runs are tracked (MLflow, …): read by those who compare with an earlier run. */

export interface TrackedRun {
  readonly id: string
  /** A page for people; undefined where the tracker has none. */
  readonly url: string | undefined
  readonly startedAt: Date | undefined
  /** The last value of each metric; those that are not finite are left out. */
  readonly metrics: Readonly<Record<string, number>>
}

export interface TrackedFile {
  /** Inside the run's artifacts, with slashes. */
  readonly path: string
  /** Bytes; undefined where the tracker does not say. */
  readonly size: number | undefined
}

export interface Tracker {
  /** The run, or undefined when there is none of that id. */
  run(id: string): Promise<TrackedRun | undefined>
  /** The files of a folder of the run's artifacts; '' is the top. Empty where there is no such folder. */
  files(id: string, folder: string): Promise<readonly TrackedFile[]>
  /** Writes one artifact to an absolute path, whole or not at all. */
  download(id: string, path: string, target: string): Promise<void>
}
