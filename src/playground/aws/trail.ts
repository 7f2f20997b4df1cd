import type { Caller } from './caller.ts'
import type { TrailIdentity } from './state.ts'

/** A caller as CloudTrail names it. */
export function trailIdentity(caller: Caller): TrailIdentity {
  const userName = caller.context['aws:username']
  return {
    type: caller.kind === 'role' ? 'AssumedRole' : 'IAMUser',
    principalId: caller.userId,
    arn: caller.arn,
    accountId: caller.accountId,
    accessKeyId: caller.accessKeyId,
    ...(typeof userName === 'string' ? { userName } : {}),
  }
}
