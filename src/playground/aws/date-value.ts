/** A date in a policy or a request, ISO 8601 or seconds since 1970, as milliseconds; NaN when it is neither. */
export function parseDate(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/
  return iso.test(text) ? Date.parse(text) : Number.NaN
}
