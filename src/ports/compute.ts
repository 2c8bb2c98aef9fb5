/** Where a training command runs. */
export interface TrainingRequest {
  /** A program and its arguments, or a text for the shell. */
  readonly command: string | readonly string[]
  readonly cwd: string
  /** The whole environment of the command. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly timeoutMs: number
  /** Aborting stops the command and everything that it started. */
  readonly signal: AbortSignal
  /** Called for each line of output as it comes. */
  readonly onLine: (line: string) => void
}

export interface GpuUsage {
  readonly name: string
  /** Undefined where the driver does not tell, as for memory that is shared with the processor. */
  readonly memoryBytes: number | undefined
  readonly driver: string
}

/** What the command used. Peaks are sampled; undefined where the machine does not tell. */
export interface TrainingResources {
  readonly gpus: readonly GpuUsage[]
  readonly peakGpuMemoryBytes: number | undefined
  /** Mean over samples and GPUs, 0 to 1. */
  readonly meanGpuUtilisation: number | undefined
  readonly peakRssBytes: number | undefined
}

export interface TrainingResult {
  /** Exit code; undefined when a signal ended it. */
  readonly exitCode: number | undefined
  readonly timedOut: boolean
  readonly durationSeconds: number
  readonly resources: TrainingResources
}

export interface Trainer {
  /** Runs the command to its end. Throws CancelledError after an abort, when everything has stopped. */
  train(request: TrainingRequest): Promise<TrainingResult>
  /** The facts of the machine that a result of the command can depend on, by name. */
  environment(
    command: TrainingRequest['command'],
    cwd: string,
  ): Promise<Readonly<Record<string, string>>>
}
