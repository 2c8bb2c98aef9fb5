/** Takes what a log holds, record by record. */
export interface Sink {
  /** `writtenAt`: when it came into the log, milliseconds since 1970, where that is known; for records without a date. */
  record(fields: unknown, writtenAt?: number): void
  /** Something that is no record: a broken line, one too long. */
  bad(): void
}

/** A log that grows. What was read is remembered: nothing is given twice, nor lost when a reading fails half-way. */
export interface LogSource {
  /** For messages. */
  readonly name: string
  /** What is there by now is passed over. */
  mark(): Promise<void>
  /**
   * Gives what came since the mark and the last reading; what is worth a remark is returned. Undefined where there is no log at all yet.
   * Without a mark, what was certainly written before `since` (milliseconds since 1970) may be passed over.
   */
  read(sink: Sink, since: number): Promise<readonly string[] | undefined>
}
