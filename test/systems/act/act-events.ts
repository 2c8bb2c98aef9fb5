/** What `act --json` prints, and what it says about jobs, steps and outputs. */

export interface ActEvent {
  readonly level?: string
  readonly msg?: string
  readonly job?: string
  readonly jobID?: string
  readonly matrix?: Readonly<Record<string, unknown>>
  readonly stage?: 'Pre' | 'Main' | 'Post'
  readonly step?: string
  /** The step's id, or its position; with those of the composite actions around it. */
  readonly stepID?: readonly string[]
  readonly stepResult?: string
  readonly jobResult?: string
  readonly command?: string
  readonly name?: string
  readonly arg?: string
  readonly content?: string
  readonly kvPairs?: Readonly<Record<string, string>>
  readonly raw_output?: boolean
}

export interface ActJob {
  readonly id: string
  readonly matrix: Readonly<Record<string, unknown>>
  readonly result: string
}

export interface ActStep {
  readonly job: string
  readonly step: string
  readonly stage: string
  readonly result: string
}

export interface ActAnnotation {
  readonly job: string
  readonly step: string
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
  /** `title`, `file`, `line`, … as the runner gets them. */
  readonly properties: Readonly<Record<string, string>>
}

export interface ActSummary {
  readonly job: string
  readonly step: string
  readonly markdown: string
}

/** job → step → output → value; a step within a composite action is `outer/inner`. */
export type ActOutputs = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
>

const annotationLevels = new Set(['error', 'warning', 'notice'])

/** The events of a run; lines that are no JSON are left out. */
export function parseEvents(printed: string): readonly ActEvent[] {
  return printed.split('\n').flatMap((line): ActEvent[] => {
    if (!line.startsWith('{')) return []
    try {
      return [JSON.parse(line)]
    } catch {
      return [{ level: 'error', msg: `act printed a line that is cut: ${line}` }]
    }
  })
}

/** The jobs that ran to an end. One that was skipped does not appear: ask for each job by its name. */
export function jobsOf(events: readonly ActEvent[]): readonly ActJob[] {
  return events
    .filter((event) => event.jobResult !== undefined)
    .map((event) => ({
      id: event.jobID ?? '',
      matrix: event.matrix ?? {},
      result: event.jobResult ?? '',
    }))
}

export function stepsOf(events: readonly ActEvent[]): readonly ActStep[] {
  return events
    .filter((event) => event.stepResult !== undefined && event.stage !== undefined)
    .map((event) => ({
      ...placeOf(event),
      stage: event.stage ?? '',
      result: event.stepResult ?? '',
    }))
}

export function outputsOf(events: readonly ActEvent[]): ActOutputs {
  const outputs: Record<string, Record<string, Record<string, string>>> = {}
  for (const event of events) {
    if (event.command !== 'set-output' || event.name === undefined) continue
    const { job, step } = placeOf(event)
    const ofJob = outputs[job] ?? {}
    outputs[job] = { ...ofJob, [step]: { ...ofJob[step], [event.name]: event.arg ?? '' } }
  }
  return outputs
}

/** act repeats what is within a composite action for the step around it; only the innermost is taken. */
export function summariesOf(events: readonly ActEvent[]): readonly ActSummary[] {
  const written = events
    .filter((event) => event.command === 'summary')
    .map((event) => ({ ...placeOf(event), markdown: event.content ?? '' }))
  return written.filter(
    (one) =>
      !written.some(
        (other) =>
          other.job === one.job &&
          other.step.startsWith(`${one.step}/`) &&
          other.markdown === one.markdown,
      ),
  )
}

export function annotationsOf(events: readonly ActEvent[]): readonly ActAnnotation[] {
  return events
    .filter((event) => annotationLevels.has(event.command ?? ''))
    .map((event) => ({
      ...placeOf(event),
      level: event.command as ActAnnotation['level'],
      message: event.arg ?? '',
      properties: event.kvPairs ?? {},
    }))
}

/** What the steps printed, with secrets masked; for the message of a test that fails. */
export function logOf(events: readonly ActEvent[]): string {
  return events.map((event) => `[${event.jobID ?? ''}] ${(event.msg ?? '').trimEnd()}`).join('\n')
}

/** Repositories that were not at hand, so that act tried to fetch them. */
export function fetchedOf(events: readonly ActEvent[]): readonly string[] {
  const pattern = /LocalRepositoryCache not matched (\S+)|git clone '([^']+)'/
  const found = events.flatMap((event) => {
    const match = pattern.exec(event.msg ?? '')
    return match?.[1] ?? match?.[2] ?? []
  })
  return [...new Set(found)]
}

function placeOf(event: ActEvent): { job: string; step: string } {
  return { job: event.jobID ?? '', step: (event.stepID ?? []).join('/') }
}
