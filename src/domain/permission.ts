/** What a person may do in a repository, the most first. */
export const PERMISSIONS = ['admin', 'maintain', 'write', 'triage', 'read', 'none'] as const

export type Permission = (typeof PERMISSIONS)[number]

/** Whether somebody may do at least what is asked for. */
export function mayAtLeast(permission: Permission, least: Permission): boolean {
  return PERMISSIONS.indexOf(permission) <= PERMISSIONS.indexOf(least)
}

/** What is known of a person when their word is weighed. */
export interface Speaker {
  readonly permission: Permission
  /** undefined: nobody asks for a team, or it could not be looked up. */
  readonly inTeam: boolean | undefined
}

/** Who may speak: with at least the permission, or in the team. */
export interface SpeakerRule {
  readonly least: Permission
  /** `organisation/team`. */
  readonly team: string | undefined
}

/** Why a person's word does not count; undefined when it does. */
export function speakerProblem(speaker: Speaker, rule: SpeakerRule): string | undefined {
  if (mayAtLeast(speaker.permission, rule.least)) return undefined
  if (rule.team === undefined) return `It takes the permission ${rule.least} in this repository.`
  if (speaker.inTeam === true) return undefined
  const hint =
    speaker.inTeam === undefined
      ? ' The team could not be looked up: that takes a token with `members: read` of the organisation.'
      : ''
  return `It takes the permission ${rule.least} in this repository, or a seat in ${rule.team}.${hint}`
}
