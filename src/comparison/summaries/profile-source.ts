import { type Profile, profileOf } from '../../domain/drift/profile/profile.js'
import type { FileSource } from '../open-files.js'
import type { Crew } from '../threads/pool.js'
import { type SummariseSourceOptions, summariseSource } from './summarise-source.js'

export interface ProfileSourceOptions extends SummariseSourceOptions {
  /** Categories of fewer rows than this are not named. */
  readonly minCount: number
  /** Timestamps whose values are kept. */
  readonly times?: ReadonlySet<string> | undefined
}

/** The profile of some columns of a sample. */
export async function profileSource(
  crew: Crew,
  source: FileSource,
  { minCount, times, ...options }: ProfileSourceOptions,
): Promise<Profile> {
  const { samples } = await summariseSource(crew, source, options)
  const files = source.facts.files
  return profileOf(samples, {
    files: files.map(({ name, sha256 }) => ({ name, sha256 })),
    rows: samples[0]?.rows ?? 0,
    minCount,
    times,
  })
}
