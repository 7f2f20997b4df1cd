import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import type { Clock } from '../../app/ports.ts'
import { Fault } from '../../core/errors.ts'

/** A client that tries once: a put repeated by the SDK would hide that the first one was not heard. */
export function createDynamoClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({ ...config, maxAttempts: 1 })
}

/** How often a call is made before it counts as failed. */
export const mostTries = 3

const deadlineMilliseconds = 3000

/**
 * Makes one call to DynamoDB, which takes the options given; fails as unheard when it has not answered in time. The
 * SDK minds the signal while a request is under way, but not while it looks for credentials.
 */
export async function inTime<T>(call: (options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
  const abortSignal = AbortSignal.timeout(deadlineMilliseconds)
  const late = Promise.withResolvers<never>()
  const giveUp = () => late.reject(new Error('no answer in time'))
  abortSignal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([call({ abortSignal }), late.promise])
  } finally {
    abortSignal.removeEventListener('abort', giveUp)
  }
}

/**
 * What an error from the SDK says about the call: its condition did not hold, DynamoDB was too busy to take it, it was
 * refused for good, or nobody knows (a timeout, a reset or a 5xx: it may have taken effect or still do so).
 */
type Failure = 'condition' | 'busy' | 'refused' | 'unheard'

const busy = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TransactionConflictException',
  'ReplicatedWriteConflictException',
])

/** Sorts an error thrown by the SDK. */
export function failureOf(error: unknown): Failure {
  const { name, status } = describe(error)
  if (name === 'ConditionalCheckFailedException') return 'condition'
  if (busy.has(name)) return 'busy'
  return status >= 400 && status < 500 ? 'refused' : 'unheard'
}

/** The fault for an error of the SDK. `answered` is false once any try of the same call went unheard. */
export function faultOf(error: unknown, answered = true): Fault {
  const { name, message } = describe(error)
  switch (failureOf(error)) {
    case 'busy':
      return new Fault('table_busy', `The table is too busy: ${name}`, { retryable: true, answered, cause: error })
    case 'condition':
    case 'refused': {
      // The item itself is at fault (too large, say): the same call can never work. The rest an operator can cure.
      const retryable = name !== 'ValidationException'
      return new Fault('table_refused', `The table refused: ${name}: ${message}`, { retryable, answered, cause: error })
    }
    case 'unheard':
      return unreachable(error)
  }
}

/** Nothing is known about the call. */
export function unreachable(error: unknown): Fault {
  const { message } = describe(error)
  return new Fault('table_unreachable', `The table did not answer: ${message}`, {
    retryable: true,
    answered: false,
    cause: error,
  })
}

/** Makes a call that changes nothing, again if it was not heard or not taken. Throws a Fault when it never was. */
export async function read<T>(call: () => Promise<T>, clock: Clock): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call()
    } catch (error) {
      if (failureOf(error) === 'refused' || tries === mostTries) throw faultOf(error)
      await pause(tries, clock)
    }
  }
}

/** Lets a moment pass before the next try: 50 ms, then 100. */
export function pause(tries: number, clock: Clock): Promise<void> {
  return clock.after(25 * 2 ** tries)
}

function describe(error: unknown): { name: string; message: string; status: number } {
  if (!(error instanceof Error)) return { name: 'unknown', message: String(error), status: 0 }
  const metadata = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number } | undefined) : undefined
  return { name: error.name, message: error.message, status: metadata?.httpStatusCode ?? 0 }
}
