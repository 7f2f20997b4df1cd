/** Who somebody was to AWS: the name and the id that never comes back. */
export type AwsIdentity = { name: string; id: string }

/**
 * What Slack people were found to be in AWS the first time, by place (an account's twelve digits, or
 * `identity-center`). An address taken over later does not lead to somebody else's access.
 */
export type KnownIdentity = {
  slackUserId: string
  version: number
  writeId: string
  places: Record<string, AwsIdentity>
}

/** The Slack person to whom an AWS identity belongs: the first who was found to be it, or whom an operator named. */
export type IdentityOwner = AwsIdentityKey & { slackUserId: string; version: number; writeId: string }

/** An AWS identity by its place and the id that never comes back. */
export type AwsIdentityKey = { place: string; id: string }

/** Nothing known yet, not stored (version 0). */
export function newIdentity(slackUserId: string): KnownIdentity {
  return { slackUserId, version: 0, writeId: '', places: {} }
}

/**
 * What to make of an identity found now: the same as ever, to be remembered, or another than before. An operator's
 * override in the catalogue (`overridden`) counts as the word of somebody who looked.
 */
export function compareIdentity(
  known: KnownIdentity,
  place: string,
  found: AwsIdentity,
  overridden: boolean,
): { same: true } | { remember: KnownIdentity } | { before: AwsIdentity } {
  const before = known.places[place]
  if (before?.id === found.id) return { same: true }
  if (before && !overridden) return { before }
  return { remember: { ...known, places: { ...known.places, [place]: found } } }
}
