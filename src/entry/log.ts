import { pino } from 'pino'
import type { Log } from '../app/ports.ts'

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
