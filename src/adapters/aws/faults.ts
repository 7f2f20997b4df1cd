import { Fault } from '../../core/errors.ts'

type Meaning = { code: string; retryable: boolean; answered: boolean }

const refused = (code: string): Meaning => ({ code, retryable: false, answered: true })
const later = (code: string): Meaning => ({ code, retryable: true, answered: true })
const unheard = (code: string): Meaning => ({ code, retryable: true, answered: false })

/**
 * What the names of AWS, of its SDK and of node mean, without the endings `Exception` and `Error`: the same error is
 * `NoSuchEntityException` by class and `NoSuchEntity` on the wire, and throttling and denial have no class at all.
 */
const meanings: Record<string, Meaning> = {
  ...named(
    later('throttled'),
    'Throttling Throttled RequestThrottled TooManyRequests RequestLimitExceeded SlowDown PriorRequestNotComplete',
  ),
  ...named(later('conflict'), 'Conflict ConcurrentModification EntityTemporarilyUnmodifiable'),
  ...named(unheard('aws_unavailable'), 'ServiceFailure InternalServer InternalService InternalFailure Internal'),
  ...named(unheard('aws_unavailable'), 'ServiceUnavailable Service'),
  ...named(unheard('no_answer'), 'Timeout RequestTimeout Abort ECONNRESET EPIPE ETIMEDOUT EHOSTUNREACH'),
  // No connection came about, so nothing was sent.
  ...named(later('no_answer'), 'ECONNREFUSED ENOTFOUND EAI_AGAIN'),
  ...named(refused('access_denied'), 'AccessDenied UnauthorizedOperation'),
  ...named(refused('limit_exceeded'), 'LimitExceeded ServiceQuotaExceeded'),
  ...named(refused('not_found'), 'NoSuchEntity ResourceNotFound AccountNotFound'),
  ...named(refused('rejected'), 'Validation InvalidInput MalformedPolicyDocument PackedPolicyTooLarge'),
  ...named(refused('rejected'), 'UnmodifiableEntity InvalidParameterValue'),
  // Ours, and renewed by whoever renews them; a removal has to go on until they are.
  ...named(later('bad_credentials'), 'ExpiredToken TokenRefreshRequired InvalidClientTokenId UnrecognizedClient'),
  ...named(later('bad_credentials'), 'MissingAuthenticationToken CredentialsProvider TokenProvider'),
  // Mostly a wrong local clock: the SDK corrects the date it signs with from this very answer.
  ...named(later('bad_signature'), 'SignatureDoesNotMatch InvalidSignature RequestTimeTooSkewed RequestExpired'),
  ...named(later('bad_signature'), 'RequestInTheFuture'),
}

/**
 * Says what an error of the SDK means, by name and HTTP status and never by class. `operation` opens the message, AWS's
 * own words follow. What nobody knows counts as unheard unless AWS answered with a 4xx other than 408 (Request Timeout).
 */
export function faultOf(error: unknown, operation: string): Fault {
  if (error instanceof Fault) return error
  const { names, status, message } = read(error)
  const known = names.map(name => meanings[name.replace(/(Exception|Error)$/, '')]).find(meaning => meaning)
  return new Fault(...describe(known ?? byStatus(status), `${operation}: ${message}`, error))
}

/** A member that AWS always sends; throws when it is missing. What the call did is then unknown. */
export function present<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value
  throw new Fault(...describe(unheard('aws_error'), `the answer has no ${name}`, undefined))
}

/** For `catch`: what AWS does not know becomes undefined, any other error is thrown on. */
export function absent(error: unknown): undefined {
  if (error instanceof Fault && error.code === 'not_found') return undefined
  throw error
}

function describe({ code, ...meaning }: Meaning, message: string, cause: unknown) {
  return [code, message, { ...meaning, cause }] as const
}

function byStatus(status: number | undefined): Meaning {
  if (status === undefined || status < 400) return unheard('aws_error')
  if (status >= 500) return unheard('aws_unavailable')
  if (status === 408) return unheard('no_answer')
  return status === 429 ? later('throttled') : refused('aws_error')
}

function read(error: unknown): { names: string[]; status: number | undefined; message: string } {
  if (typeof error !== 'object' || error === null) return { names: [], status: undefined, message: String(error) }
  const { name, Code, code, message, $metadata } = error as Record<string, unknown>
  const status = (typeof $metadata === 'object' ? $metadata : null) as { httpStatusCode?: unknown } | null
  return {
    // The most telling first: node's `code` says why a connection failed, the SDK renames all of these to TimeoutError.
    names: [code, Code, name].filter(value => typeof value === 'string'),
    status: typeof status?.httpStatusCode === 'number' ? status.httpStatusCode : undefined,
    // Trap: some of the SDK's errors have an empty message (aggregated connection errors do).
    message: [message, code, name].find(value => typeof value === 'string' && value !== '')?.toString() ?? 'no reason',
  }
}

function named(meaning: Meaning, names: string): Record<string, Meaning> {
  return Object.fromEntries(names.split(' ').map(name => [name, meaning]))
}
