/** When triggers may fire. `from` 22 and `to` 6 is a night, which belongs to the day on which it begins. */
export interface FiringHours {
  readonly from: number
  readonly to: number
  readonly days?: readonly Day[] | undefined
  readonly 'time-zone': string
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Day = (typeof DAYS)[number]

/** Whether a moment is within the hours, by the clocks of their time zone. */
export function isWithin(hours: FiringHours, now: Date): boolean {
  const { hour, day } = localTime(now, hours['time-zone'])
  const { from, to, days = DAYS } = hours
  const on = (index: number): boolean => days.some((one) => one === DAYS[(index + 7) % 7])
  if (from < to) return hour >= from && hour < to && on(day)
  if (hour >= from) return on(day)
  return hour < to && on(day - 1)
}

function localTime(now: Date, timeZone: string): { readonly hour: number; readonly day: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', hour: '2-digit', weekday: 'short' },
  }).formatToParts(now)
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
  return {
    hour: Number(part('hour')),
    day: (DAYS as readonly string[]).indexOf(part('weekday').toLowerCase()),
  }
}

/** `9:00 to 17:00 on mon, tue (Europe/Berlin)` */
export function hoursInWords({ from, to, days, 'time-zone': zone }: FiringHours): string {
  const on = days === undefined ? '' : ` on ${days.join(', ')}`
  return `${from}:00 to ${to}:00${on} (${zone})`
}
