/**
 * Errors every service has under a name of its own; see `services.ts`. Other codes (`NoSuchEntity`) go out as they are.
 */
export type CommonError =
  | 'validation'
  | 'denied'
  | 'unknownKey'
  | 'missingKey'
  | 'expiredKey'
  | 'unknownOperation'
  | 'throttled'
  | 'failed'
  | 'conflict'

/** A refusal on the wire. `code` is the wire code, or a CommonError that the service translates. */
export class AwsError extends Error {
  override name = 'AwsError'
  code: string
  status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** A refusal that the service translates into its own code. */
export const commonError = (code: CommonError, message: string, status = 400) => new AwsError(code, message, status)
