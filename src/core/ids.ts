/** Names one access request: `req_` and 20 Crockford base32 characters. AWS names derive from it. */
export type RequestId = `req_${string}`

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Makes the request id from a SHA-256 of where the request came from (team and view id), so that a repeated
 * submission finds itself. Takes at least 13 bytes; 100 of their bits are used.
 */
export function requestIdFrom(digest: Uint8Array): RequestId {
  let bits = 0n
  for (const byte of digest.subarray(0, 13)) bits = (bits << 8n) | BigInt(byte)
  let text = ''
  for (let index = 0; index < 20; index++) text += crockford[Number((bits >> BigInt(99 - index * 5)) & 31n)]
  return `req_${text}`
}

/** Whether text that came back from outside has the shape of a request id. */
export function isRequestId(text: string): text is RequestId {
  return /^req_[0-9A-HJKMNP-TV-Z]{20}$/.test(text)
}

/** The name of a request's inline policy: a retry finds its own first attempt (IAM allows 128 characters). */
export function policyNameOf(id: RequestId): string {
  return `curfew-${id}`
}

/** A number in [0, 1) that is always the same for the same text: spreads retries without being random (FNV-1a). */
export function spread(text: string): number {
  let hash = 0x811c9dc5
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}
