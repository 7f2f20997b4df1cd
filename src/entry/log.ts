import { pino } from 'pino'
import type { Audit, Log } from '../app/ports.ts'

/**
 * The audit trail: JSON lines on standard output marked `"audit":true`, for the platform's log router to keep where the
 * bot cannot alter them. Unlike the log they hold the reasons that people typed.
 */
export function createAudit(): Audit {
  const logger = pino({ base: null, timestamp: false, formatters: { level: () => ({}) } })
  return record => logger.info({ audit: true, ...record })
}

/** The log: one JSON line per event on standard output, the event's name in `event`. */
export function createLog(): Log {
  const logger = pino({
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
  })
  return (event, fields) => {
    if (event.endsWith('failed')) logger.warn({ event, ...fields })
    else logger.info({ event, ...fields })
  }
}
