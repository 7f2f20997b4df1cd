import type { Asked, Target } from './access-request.ts'
import { type AfterEnd, afterEndOfStatements } from './after-end.ts'
import type { Grantable } from './entitlement.ts'

/** When access is over in truth, and who sees to it: what every surface that shows an end says. */
export type TrueEnd = {
  /**
   * `aws`: AWS itself refuses from the end on, in open sessions too. `unless_escaped`: so it does, but the holder may
   * have got around it by then. `entry`: AWS lets nobody in any more, and who is in stays for a while. `removal`: Curfew
   * takes it away at the end, unless it is down.
   */
  by: 'aws' | 'unless_escaped' | 'entry' | 'removal'
  /** How long after that a session opened before it may go on; undefined where that is not known yet. */
  lateMinutes?: number
  afterEnd: AfterEnd
}

/** How the access ends in truth. Without a target (the form, the checking) only what the catalogue tells is known. */
export function trueEndOf({ asked, target }: { asked: Asked | Grantable; target?: Target }): TrueEnd {
  const given = target ?? asked
  if (given.kind === 'inlinePolicy' || given.kind === 'rolePolicy') {
    return { by: 'aws', afterEnd: afterEndOfStatements(given.statements) }
  }
  if (given.kind === 'assume') {
    const afterEnd = { ...unknown, unread: ['roleName' in given ? given.roleName : given.role] }
    if ('leash' in given && given.leash === 'required') return { by: 'unless_escaped', afterEnd }
    return { by: 'entry', ...('sessionMinutes' in given && { lateMinutes: given.sessionMinutes }), afterEnd }
  }
  const afterEnd = target?.kind === 'permissionSet' ? target.content.afterEnd : unknown
  if (asked.kind === 'permissionSet' && asked.leash === 'required') {
    const mayEscape = afterEnd.escapes.length > 0 || afterEnd.unread.length > 0
    return { by: mayEscape ? 'unless_escaped' : 'aws', afterEnd }
  }
  if (target?.kind !== 'permissionSet') return { by: 'removal', afterEnd }
  return { by: 'removal', lateMinutes: target.sessionMinutes + portalCacheMinutes, afterEnd }
}

const unknown: AfterEnd = { escapes: [], lasts: [], opens: [], unread: [] }

/** AWS caches portal sign-ins for up to an hour, and a session begun then runs its full length (platform: B4). */
const portalCacheMinutes = 60
