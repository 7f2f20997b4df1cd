import type { Target } from './access-request.ts'
import { persistenceOf } from './after-end.ts'
import { firstOf } from './dangers.ts'
import type { Account, Entitlement } from './entitlement.ts'
import type { RefusalCode } from './errors.ts'

/**
 * Why a permission set may not be granted: in a sensitive account it could leave something behind that goes on after
 * the end, or Curfew cannot tell, and its entitlement does not say `allowPersistence`. Undefined when it may. Inline
 * policies are held to the same when the catalogue is read.
 */
export function whyPersistent(
  { content }: Pick<Extract<Target, { kind: 'permissionSet' }>, 'content'>,
  account: Pick<Account, 'sensitive'>,
  entitlement: Pick<Entitlement, 'allowPersistence'> | undefined,
): { code: RefusalCode; note: string } | undefined {
  if (!account.sensitive || entitlement?.allowPersistence) return undefined
  const persistent = persistenceOf(content.afterEnd)
  return persistent.length > 0 ? { code: 'leaves_something', note: firstOf(persistent) } : undefined
}
