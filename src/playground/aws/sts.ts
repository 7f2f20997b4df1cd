import { AwsError, commonError } from './aws-error.ts'
import { callerOf } from './caller.ts'
import type { Context } from './context.ts'
import { checkDocument } from './iam-support.ts'
import { provesMfa } from './mfa.ts'
import type { Call, Operation } from './operation.ts'
import { optionalInteger, optionalText, text } from './parameters.ts'
import { assumedSession, credentialsOf, sessionNameRules, userSessionOf } from './sessions.ts'
import { type IamRole, roleByArn, userByArn } from './state.ts'
import { trailIdentity } from './trail.ts'

const minimumSeconds = 900
const defaultSeconds = 3600
// A role assumed from a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
const chainedSeconds = 3600
const sessionPolicyLimit = 2048

/** STS's operations, by name. */
export const stsOperations: Record<string, Operation> = {
  // Needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  GetCallerIdentity: ({ caller }) => ({ UserId: caller.userId, Account: caller.accountId, Arn: caller.arn }),

  AssumeRole(call) {
    const { params, state, now, caller } = call
    const roleArn = text(params, 'RoleArn', { min: 20, max: 2048 })
    const sessionName = text(params, 'RoleSessionName', sessionNameRules)
    const seconds = optionalInteger(params, 'DurationSeconds', minimumSeconds, 43_200)
    const sessionPolicy = optionalText(params, 'Policy', { max: sessionPolicyLimit })
    refuseUnsimulated(call)
    call.authorize('sts:AssumeRole', [roleArn], assumeContext(call, sessionName))
    if (sessionPolicy !== undefined) checkDocument(sessionPolicy)
    const role = roleByArn(state, roleArn)
    if (!role) throw new Error('A role that may be assumed exists')
    const session = assumedSession(state, now, role, {
      sessionName,
      seconds: checkedSeconds(call, role, seconds),
      origin: caller.origin,
      entry: { operation: 'AssumeRole', by: trailIdentity(caller) },
      ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
    })
    call.record({ type: 'session-started', data: session })
    const assumed = callerOf(state, now, session.accessKeyId)
    return {
      Credentials: shown(session),
      AssumedRoleUser: { AssumedRoleId: assumed?.userId, Arn: assumed?.arn },
      ...(sessionPolicy === undefined
        ? {}
        : { PackedPolicySize: Math.ceil((100 * sessionPolicy.length) / sessionPolicyLimit) }),
    }
  },

  // Needs no permission, and can be denied: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
  GetSessionToken(call) {
    const { params, state, now, caller } = call
    const seconds = optionalInteger(params, 'DurationSeconds', minimumSeconds, 129_600) ?? 43_200
    if (caller.kind !== 'user') throw commonError('denied', 'Cannot call GetSessionToken with session credentials', 403)
    const user = userByArn(state, caller.principalArn)
    if (!user) throw new Error('A user who calls exists')
    const session = userSessionOf(state, now, user, { seconds, mfa: provesMfa(call) })
    call.record({ type: 'session-started', data: session })
    return { Credentials: shown(session) }
  },
}

function shown(session: Parameters<typeof credentialsOf>[0]) {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = credentialsOf(session)
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiresAt,
  }
}

function assumeContext(call: Call, sessionName: string): Context {
  const context: Context = { 'sts:RoleSessionName': sessionName }
  const externalId = optionalText(call.params, 'ExternalId', { min: 2, max: 1224, pattern: '[\\w+=,.@:\\/-]*' })
  if (externalId !== undefined) context['sts:ExternalId'] = externalId
  if (provesMfa(call)) {
    context['aws:MultiFactorAuthPresent'] = 'true'
    context['aws:MultiFactorAuthAge'] = '0'
  }
  return context
}

function checkedSeconds({ caller }: Call, role: IamRole, asked: number | undefined): number {
  const seconds = asked ?? defaultSeconds
  if (caller.kind === 'role' && seconds > chainedSeconds)
    throw commonError(
      'validation',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    )
  if (seconds > role.maxSessionSeconds)
    throw commonError('validation', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
  return seconds
}

// Silently ignoring one of these would make a session look narrower or better known than it is.
function refuseUnsimulated({ params }: Call) {
  const found = Object.keys(params).find(name =>
    /^(PolicyArns|Tags|TransitiveTagKeys|SourceIdentity|ProvidedContexts)/.test(name),
  )
  if (found) throw new AwsError('validation', `The simulated AWS does not know ${found} of AssumeRole`)
}
