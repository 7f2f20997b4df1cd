/** Who reads: Slack shows times in the reader's own zone and language. */
export type ReaderTime = { now: number; timeZone: string; locale: string }

/** Fills in the tokens of `<!date^…>`, e.g. `{date_short_pretty} {time}`, for a moment in milliseconds. */
export function slackDate(format: string, at: number, reader: ReaderTime): string {
  const filled = format.replace(/\{([a-z_]+)\}/g, (token, name: string) => dateToken(name, at, reader) ?? token)
  return filled
}

/** The time of day, as beside a message. */
export function timeOfDay(at: number, { timeZone, locale }: ReaderTime): string {
  return new Intl.DateTimeFormat(locale, { timeZone, timeStyle: 'short' }).format(at)
}

function dateToken(name: string, at: number, reader: ReaderTime): string | undefined {
  const { timeZone, locale } = reader
  const formatted = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(at)
  if (name.endsWith('_pretty')) {
    return relativeDay(at, reader) ?? dateToken(name.slice(0, -'_pretty'.length), at, reader)
  }
  switch (name) {
    case 'date_num':
      return day(at, timeZone)
    case 'date_slash':
      return day(at, timeZone).replaceAll('-', '/')
    case 'date':
      return formatted({ year: 'numeric', month: 'long', day: 'numeric' })
    case 'date_short':
      return formatted({ year: 'numeric', month: 'short', day: 'numeric' })
    case 'date_long':
      return formatted({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' })
    case 'time':
      return formatted({ timeStyle: 'short' })
    case 'time_secs':
      return formatted({ timeStyle: 'medium' })
    case 'ago':
      return ago(at, reader)
    default:
      return undefined
  }
}

/** The calendar day as `2026-11-21`. */
function day(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone }).format(at)
}

function relativeDay(at: number, { now, timeZone, locale }: ReaderTime): string | undefined {
  const days = (Date.parse(day(at, timeZone)) - Date.parse(day(now, timeZone))) / 86_400_000
  if (Math.abs(days) > 1) return undefined
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day')
}

function ago(at: number, { now, locale }: ReaderTime): string {
  const minutes = Math.round((at - now) / 60_000)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute')
  const hours = Math.round(minutes / 60)
  return Math.abs(hours) < 24 ? relative.format(hours, 'hour') : relative.format(Math.round(hours / 24), 'day')
}
