import { createHash } from 'node:crypto'

const hex = (text: string) => createHash('sha256').update(text).digest('hex')

/** An IAM unique id or access key id (AIDA…, AROA…, ANPA…, AKIA…, ASIA…) that follows from what it names. */
export function uniqueId(prefix: 'AIDA' | 'AROA' | 'ANPA' | 'AKIA' | 'ASIA', of: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bytes = createHash('sha256').update(`${prefix} ${of}`).digest()
  return prefix + [...bytes.subarray(0, 17)].map(byte => alphabet[byte % 32]).join('')
}

/** An id in the form of a UUID, as Identity Center and request ids have, that follows from what it names. */
export function uuidOf(text: string): string {
  const digits = hex(text)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-')
}

/** Sixteen hexadecimal digits, as in permission set ids and the names of `AWSReservedSSO_*` roles. */
export const hex16 = (text: string): string => hex(text).slice(0, 16)

/** A secret key or session token: nothing checks a signature with it, a token must match. */
export const secretOf = (text: string): string => createHash('sha256').update(text).digest('base64')
