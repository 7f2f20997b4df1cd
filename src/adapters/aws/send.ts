import type { __Client, __MetadataBearer, $Command, STSClient } from '@aws-sdk/client-sts'
import type { MaySend } from '../../app/ports.ts'
import { Fault } from '../../core/errors.ts'
import { faultOf } from './faults.ts'

/** A deadline from now on, in real time, for all calls of one method of a port: design section 3 says 20 s. */
export function startDeadline(seconds = 20): AbortSignal {
  return AbortSignal.timeout(seconds * 1000)
}

/** Every client of the SDK has the same HTTP options; the type has no name that the clients export. */
type HttpOptions = STSClient extends __Client<infer Options, infer _I, infer _O, infer _C> ? Options : never

/**
 * The one way a call goes out to AWS: one attempt, given up at the deadline, every error a Fault. Takes a fresh command.
 *
 * A call that changes AWS comes with `maySend`, asked once more after signing: a worker that was stalled since it
 * claimed sends nothing (`claim_lost`). Faults of calls that never left or that change nothing count as answered: such
 * a call cannot take effect unheard, and nobody has to wait for it.
 */
export async function send<
  ClientInput extends object,
  ClientOutput extends __MetadataBearer,
  Input extends ClientInput,
  Output extends ClientOutput,
>(
  client: Pick<__Client<HttpOptions, ClientInput, ClientOutput, never>, 'send'>,
  command: $Command<Input, Output, never, ClientInput, ClientOutput>,
  { deadline, maySend }: { deadline: AbortSignal; maySend?: MaySend },
): Promise<Output> {
  const operation = command.constructor.name.replace(/Command$/, '')
  let mayHaveChanged = false
  // The deserialize step comes after signing: nothing but the connection lies between this check and AWS.
  command.middlewareStack.add(
    next => async args => {
      if (deadline.aborted) throw tooLate(operation)
      if (maySend && !maySend()) throw claimLost(operation)
      mayHaveChanged = maySend !== undefined
      return next(args)
    },
    { step: 'deserialize', name: 'curfewLastCheck', priority: 'low' },
  )
  // The SDK minds the signal while a request is under way, but not while it looks for credentials.
  const end = Promise.withResolvers<never>()
  const giveUp = () => end.reject(tooLate(operation))
  deadline.addEventListener('abort', giveUp, { once: true })
  try {
    if (deadline.aborted) throw tooLate(operation)
    return await Promise.race([client.send(command, { abortSignal: deadline }), end.promise])
  } catch (error) {
    const fault = faultOf(error, operation)
    if (mayHaveChanged || fault.answered) throw fault
    const { code, message, retryable } = fault
    throw new Fault(code, message, { retryable, answered: true, cause: error })
  } finally {
    deadline.removeEventListener('abort', giveUp)
  }
}

function tooLate(operation: string): Fault {
  return new Fault('no_answer', `${operation}: no answer in time`, { retryable: true, answered: false })
}

function claimLost(operation: string): Fault {
  const message = `${operation}: not sent, the claim no longer covers it`
  return new Fault('claim_lost', message, { retryable: true, answered: true })
}
