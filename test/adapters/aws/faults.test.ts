import { expect, test } from 'vitest'
import { absent, faultOf, present } from '../../../src/adapters/aws/faults.ts'
import { Fault } from '../../../src/core/errors.ts'

function anError(name: string, status?: number, extra: object = {}) {
  const $metadata = status === undefined ? {} : { httpStatusCode: status }
  return Object.assign(new Error('as AWS put it'), { name, $metadata, ...extra })
}

test.each([
  ['Throttling', 400, 'throttled', true, true],
  ['ThrottlingException', 400, 'throttled', true, true],
  ['TooManyRequestsException', 400, 'throttled', true, true],
  ['RequestLimitExceeded', 503, 'throttled', true, true],
  ['ConflictException', 400, 'conflict', true, true],
  ['ConcurrentModificationException', 409, 'conflict', true, true],
  ['EntityTemporarilyUnmodifiableException', 409, 'conflict', true, true],
  ['ServiceFailureException', 500, 'aws_unavailable', true, false],
  ['InternalServerException', 500, 'aws_unavailable', true, false],
  ['InternalFailure', 500, 'aws_unavailable', true, false],
  ['ServiceUnavailable', 503, 'aws_unavailable', true, false],
  ['NeverHeardOf', 502, 'aws_unavailable', true, false],
  ['TimeoutError', undefined, 'no_answer', true, false],
  ['AbortError', undefined, 'no_answer', true, false],
  ['AccessDenied', 403, 'access_denied', false, true],
  ['AccessDeniedException', 400, 'access_denied', false, true],
  ['LimitExceededException', 409, 'limit_exceeded', false, true],
  ['ServiceQuotaExceededException', 400, 'limit_exceeded', false, true],
  ['NoSuchEntityException', 404, 'not_found', false, true],
  ['ResourceNotFoundException', 400, 'not_found', false, true],
  ['AccountNotFoundException', 400, 'not_found', false, true],
  ['ValidationException', 400, 'rejected', false, true],
  ['ValidationError', 400, 'rejected', false, true],
  ['MalformedPolicyDocumentException', 400, 'rejected', false, true],
  ['UnmodifiableEntityException', 400, 'rejected', false, true],
  ['ExpiredTokenException', 400, 'bad_credentials', true, true],
  ['InvalidClientTokenId', 403, 'bad_credentials', true, true],
  ['CredentialsProviderError', undefined, 'bad_credentials', true, true],
  ['SignatureDoesNotMatch', 403, 'bad_signature', true, true],
  ['RequestTimeTooSkewed', 403, 'bad_signature', true, true],
  ['NeverHeardOf', 429, 'throttled', true, true],
  ['NeverHeardOf', 400, 'aws_error', false, true],
  // A 200 that could not be read: the call has most likely been carried out.
  ['SyntaxError', 200, 'aws_error', true, false],
  ['TypeError', undefined, 'aws_error', true, false],
])('%s with status %s means %s', (name, status, code, retryable, answered) => {
  expect(faultOf(anError(name, status), 'GetUser')).toMatchObject({ code, retryable, answered })
})

test.each([
  ['ECONNRESET', false],
  ['EPIPE', false],
  ['ETIMEDOUT', false],
  ['ECONNREFUSED', true],
  ['ENOTFOUND', true],
])('%s is no answer; known not to have arrived: %s', (code, answered) => {
  const error = anError('TimeoutError', undefined, { code })
  expect(faultOf(error, 'GetUser')).toMatchObject({ code: 'no_answer', retryable: true, answered })
})

test('a request that timed out at AWS by its status alone was not heard', () => {
  expect(faultOf(anError('Unknown', 408), 'PutUserPolicy')).toMatchObject({
    code: 'no_answer',
    retryable: true,
    answered: false,
  })
})

test('the code on the wire counts where the class has no telling name', () => {
  const error = anError('IAMServiceException', 404, { Code: 'NoSuchEntity' })
  expect(faultOf(error, 'GetUser').code).toBe('not_found')
})

test('the message is the operation and the words of AWS, and the cause is kept', () => {
  const error = anError('AccessDenied', 403)
  expect(faultOf(error, 'PutUserPolicy')).toMatchObject({ message: 'PutUserPolicy: as AWS put it', cause: error })
})

test('an error without a message is told by its code', () => {
  expect(faultOf(new AggregateError([], ''), 'GetUser').message).toBe('GetUser: AggregateError')
  expect(faultOf('gone', 'GetUser')).toMatchObject({ message: 'GetUser: gone', retryable: true, answered: false })
})

test('a fault stays as it is', () => {
  const fault = new Fault('claim_lost', 'not sent', { retryable: true, answered: true })
  expect(faultOf(fault, 'GetUser')).toBe(fault)
})

test('what AWS does not know becomes undefined, and nothing else does', () => {
  expect(absent(faultOf(anError('NoSuchEntity', 404), 'GetUser'))).toBeUndefined()
  expect(() => absent(faultOf(anError('AccessDenied', 403), 'GetUser'))).toThrow('as AWS put it')
})

test('an answer without a member that must be there is no answer to rely on', () => {
  expect(present('x', 'User')).toBe('x')
  expect(() => present(undefined, 'User')).toThrow(
    expect.objectContaining({ code: 'aws_error', retryable: true, answered: false }),
  )
})
