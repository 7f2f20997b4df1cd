import { DateTime } from 'luxon'

/**
 * A moment: ISO 8601, UTC, whole seconds (`2026-11-21T03:04:05Z`). It sorts as text and goes into `aws:CurrentTime`,
 * the table and the log as it is.
 */
export type Instant = string & { readonly __instant: true }

/** Turns milliseconds since 1970 into an instant, dropping the fraction of the second. */
export function instantOf(milliseconds: number): Instant {
  return `${new Date(milliseconds).toISOString().slice(0, -5)}Z` as Instant
}

/** Reads ISO 8601 text with any offset; undefined when it is not a date. */
export function parseInstant(text: string): Instant | undefined {
  const parsed = DateTime.fromISO(text, { zone: 'utc' })
  return parsed.isValid ? instantOf(parsed.toMillis()) : undefined
}

/** The instant so many seconds later (earlier when negative). */
export function plusSeconds(at: Instant, seconds: number): Instant {
  return instantOf(millisecondsOf(at) + seconds * 1000)
}

/** The instant so many minutes later. */
export function plusMinutes(at: Instant, minutes: number): Instant {
  return plusSeconds(at, minutes * 60)
}

/** Seconds from one instant to a later one; negative when `to` lies before `from`. */
export function secondsBetween(from: Instant, to: Instant): number {
  return (millisecondsOf(to) - millisecondsOf(from)) / 1000
}

/** Milliseconds since 1970, for timers and for Slack's date tokens. */
export function millisecondsOf(at: Instant): number {
  return Date.parse(at)
}

/** Whether `moment` has come: at exactly that second it has, as access is over when `now >= expiresAt`. */
export function hasCome(moment: Instant, now: Instant): boolean {
  return now >= moment
}

/** The earliest of the instants given, or undefined when none is. */
export function earliest(...instants: (Instant | undefined)[]): Instant | undefined {
  return instants.filter(at => at !== undefined).sort()[0]
}

/** The latest of the instants given, or undefined when none is. */
export function latest(...instants: (Instant | undefined)[]): Instant | undefined {
  return instants
    .filter(at => at !== undefined)
    .sort()
    .at(-1)
}

/** How a person reads the moment: in their IANA time zone and language, with the zone's short name. */
export function localTime(at: Instant, timeZone: string, language: 'en' | 'ja'): string {
  const zoned = read(at).setZone(timeZone)
  const local = zoned.isValid ? zoned : read(at)
  return language === 'ja'
    ? local.setLocale('ja').toFormat('M月d日(ccc) HH:mm ZZZZ')
    : local.setLocale('en').toFormat('ccc d LLL, HH:mm ZZZZ')
}

/** The moment to the second, in an IANA time zone and as it is stored; only the latter where the zone is UTC. */
export function exactTime(at: Instant, timeZone: string): string {
  const zoned = read(at).setZone(timeZone)
  return zoned.isValid && !/^(Etc\/)?UTC$/.test(timeZone) ? `${zoned.toFormat('yyyy-MM-dd HH:mm:ss')} (${at})` : at
}

/** The month of an instant and the one before it, in UTC: `2026-11`, `2026-10`. */
export function latestMonths(at: Instant): [string, string] {
  const monthOf = (moment: DateTime) => moment.toFormat('yyyy-MM')
  return [monthOf(read(at)), monthOf(read(at).minus({ months: 1 }))]
}

function read(at: Instant): DateTime {
  return DateTime.fromISO(at, { zone: 'utc' })
}
