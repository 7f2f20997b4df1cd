import type { Report } from './catalogue-problems.ts'
import { valueAt } from './catalogue-yaml.ts'

/**
 * Refuses by name what the catalogue can say and Curfew cannot do yet: an entitlement that silently did less than is
 * written would be worse than none. Judges what was written, so that other mistakes in it hide nothing.
 */
export function refuseUnavailable(entitlement: Record<string, unknown>, report: Report): void {
  const refuse = (path: PropertyKey[], what: string, instead: string) =>
    report(path, `${what} is not available yet.`, `${instead}, or leave this entitlement out.`)
  const has = (...path: string[]) => valueAt(entitlement, ...path) !== undefined
  if (has('breakGlass') && entitlement['breakGlass'] !== false) refuse(['breakGlass'], 'breakGlass', 'Remove it')
  for (const key of ['auto', 'thenEscalateTo']) {
    if (has('approvals', key)) refuse(['approvals', key], key, 'Remove it')
  }
}
