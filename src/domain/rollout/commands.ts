import { type Permission, type Speaker, type SpeakerRule, speakerProblem } from '../permission.js'
import { commandLineOf } from './first-line.js'
import { type Pins, pinFits, shortPin } from './pin.js'

/** What people may ask of a rollout that is under way. */
export const COMMANDS = ['promote', 'rollback', 'hold', 'resume', 'status'] as const

export type CommandName = (typeof COMMANDS)[number]

export type ParsedCommand =
  | {
      readonly kind: 'command'
      readonly name: CommandName
      readonly pin: string | undefined
      /** The rest of the line: why, in the person's words. */
      readonly reason: string
    }
  /** Ours by its word, and not as it must be written. */
  | { readonly kind: 'malformed'; readonly name: CommandName }

const LONGEST_REASON = 300

/** Reads the command that a comment begins with; undefined for every other comment. */
export function parseCommand(body: string): ParsedCommand | undefined {
  const line = commandLineOf(body)
  const name = COMMANDS.find((one) => one === line?.word)
  if (line === undefined || name === undefined) return undefined
  const [, pin = '', words = ''] = /^(\S*)\s*(.*)$/.exec(line.rest) ?? []
  if (pin === '')
    return name === 'status'
      ? { kind: 'command', name, pin: undefined, reason: '' }
      : { kind: 'malformed', name }
  return { kind: 'command', name, pin, reason: [...words].slice(0, LONGEST_REASON).join('') }
}

/** How a command is written for a rollout. */
export function usageOf(name: CommandName, pins: Pins): string {
  return `/${name} ${shortPin(pins)}`
}

/** Who may ask for what. */
export interface CommandRules {
  readonly allow: readonly CommandName[]
  /** For `/promote` and `/resume`, which let users meet the new version. */
  readonly forward: Permission
  /** For `/rollback`, `/hold` and `/status`, which keep users away from it. */
  readonly back: Permission
  /** `organisation/team` whose members may give every command. */
  readonly team: string | undefined
  /** Whether who made the change, or started the run, may not promote it past the evidence. */
  readonly preventSelfPromotion: boolean
}

export interface CommandQuestion {
  readonly command: Extract<ParsedCommand, { kind: 'command' }>
  readonly speaker: Speaker
  /** Whether the person made the change or started the run. */
  readonly isAuthor: boolean
  readonly pins: Pins
}

const FORWARD: readonly CommandName[] = ['promote', 'resume']

/** Why a command is not carried out; undefined when it is. */
export function commandProblem(question: CommandQuestion, rules: CommandRules): string | undefined {
  const { command, speaker, isAuthor, pins } = question
  const { name, pin } = command
  if (!rules.allow.includes(name)) return `/${name} is not allowed by deploy.commands.allow.`
  if (pin !== undefined && !pinFits(pin, pins)) {
    return `It names ${pin}, and not what is being deployed. Write ${usageOf(name, pins)}.`
  }
  if (name === 'promote' && isAuthor && rules.preventSelfPromotion) {
    return 'Who made the change or started the run may not promote it past the evidence.'
  }
  return speakerProblem(speaker, ruleOf(name, rules))
}

function ruleOf(name: CommandName, { forward, back, team }: CommandRules): SpeakerRule {
  return { least: FORWARD.includes(name) ? forward : back, team }
}
