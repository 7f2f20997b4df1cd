import { createHash } from 'node:crypto'
import { commonError } from './aws-error.ts'
import type { Call } from './operation.ts'
import { optionalText } from './parameters.ts'
import { type IamUser, userByArn } from './state.ts'

const windowMs = 30_000

/** The serial number of a user's device. */
export const mfaSerial = ({ accountId, name }: Pick<IamUser, 'accountId' | 'name'>): string =>
  `arn:aws:iam::${accountId}:mfa/${name}`

/** What the device shows at a moment: six digits, others every half minute. */
export function mfaCode(serial: string, now: number): string {
  const digest = createHash('sha256')
    .update(`${serial} ${Math.floor(now / windowMs)}`)
    .digest()
  return String(digest.readUInt32BE(0) % 1_000_000).padStart(6, '0')
}

/** Whether the call proves its caller by a code; throws AccessDenied, in AWS's words, when it tries and fails. */
export function provesMfa({ params, caller, state, now }: Call): boolean {
  const serial = optionalText(params, 'SerialNumber', { min: 9, max: 256, pattern: '[\\w+=/:,.@-]*' })
  const code = optionalText(params, 'TokenCode', { min: 6, max: 6, pattern: '\\d*' })
  if (serial === undefined && code === undefined) return false
  if (serial === undefined || code === undefined)
    throw failed(', must provide both MFA serial number and one time pass code.')
  const user = caller.kind === 'user' ? userByArn(state, caller.principalArn) : undefined
  if (!user?.hasMfaDevice || serial !== mfaSerial(user))
    throw failed(
      ', unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    )
  // The code before is taken too: people type slowly.
  if (![now, now - windowMs].some(moment => mfaCode(serial, moment) === code))
    throw failed(' with invalid MFA one time pass code.')
  return true
}

const failed = (reason: string) => commonError('denied', `MultiFactorAuthentication failed${reason}`, 403)
