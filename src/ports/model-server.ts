/** What starts the program that answers with a model. */
export interface ServerRequest {
  readonly version: string
  /** A program and its arguments; `{port}`, `{model}` and `{version}` in it are filled in. */
  readonly command: readonly string[]
  /** The model file or folder, absolute. */
  readonly model: string
  /** 0 takes a free one. */
  readonly port: number
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Empty: ready as soon as the port takes connections. */
  readonly healthPath: string
  readonly startTimeoutMs: number
  readonly signal: AbortSignal
  /** Takes the program's output. */
  readonly logFile: string
}

export interface RunningServer {
  readonly version: string
  readonly url: string
  readonly pid: number
}

export interface ModelServers {
  /** Starts a program that outlives this run, and waits until it is ready; one that is not is stopped again. */
  start(request: ServerRequest): Promise<RunningServer>
  /** Whether a server is ready, by its health check or, where that is empty, by taking connections. */
  answers(url: string, healthPath: string): Promise<boolean>
  /** Asks the program to end, and ends it when it does not. One that is gone already is no error. */
  stop(pid: number): Promise<void>
}
