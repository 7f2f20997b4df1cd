import { decide, deniedMessage, expiredMessage } from './authorization.ts'
import { AwsError, commonError } from './aws-error.ts'
import { type Caller, callerOf } from './caller.ts'
import type { AwsEvent } from './events.ts'
import type { State } from './state.ts'
import { unknownOperation, type WireRequest } from './wire.ts'

/** The world as it stands when a call is carried out. */
export type World = { state: State; now: number; record(event: AwsEvent): void }

/** Carries out a call from the wire: who calls, may they, and then the operation. Refusals are values. */
export function perform(request: WireRequest, world: World): { result: object } | { error: AwsError } {
  const { service, operation, params } = request
  try {
    const handler = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined
    if (!handler) throw unknownOperation(request)
    const caller = authenticate(request, world)
    const result = handler({
      operation,
      params,
      caller,
      ...world,
      authorize(action, resources = ['*'], context = {}) {
        for (const resource of resources) {
          const attempt = { action, resource, context }
          const decision = decide(world.state, caller, world.now, attempt)
          if (!decision.allowed) throw commonError('denied', deniedMessage(caller, attempt, decision))
        }
      },
    })
    return { result }
  } catch (error) {
    if (error instanceof AwsError) return { error }
    return { error: commonError('failed', `The simulated AWS failed: ${error}`) }
  }
}

// The signature itself is not verified: whoever can reach loopback may play anybody.
function authenticate({ service, operation, accessKeyId, sessionToken }: WireRequest, { state, now }: World): Caller {
  if (accessKeyId === undefined) throw commonError('missingKey', 'Request is missing Authentication Token')
  const caller = callerOf(state, now, accessKeyId)
  if (
    !caller ||
    (caller.sessionToken !== undefined && caller.sessionToken !== sessionToken) ||
    isBeyondUserSession(caller, service.name, operation)
  )
    throw commonError('unknownKey', 'The security token included in the request is invalid.')
  if (caller.expiresAt !== undefined && now >= caller.expiresAt) throw commonError('expiredKey', expiredMessage)
  return caller
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
function isBeyondUserSession({ kind, context }: Caller, service: string, operation: string): boolean {
  if (kind !== 'userSession') return false
  if (service === 'sts') return !['AssumeRole', 'GetCallerIdentity', 'GetSessionToken'].includes(operation)
  return service === 'iam' && context['aws:MultiFactorAuthPresent'] !== 'true'
}
