import type { AfterEnd } from './after-end.ts'
import type { PlainWords, Statement } from './entitlement.ts'

/** What a permission set gives, as AWS holds it. */
export type SetContent = {
  /** SHA-256 of the canonical JSON of everything here but the words and what follows from it. */
  hash: string
  /** How long a session of the set lasts. */
  sessionMinutes: number
  /** ARNs of AWS's own managed policies, sorted. */
  managed: string[]
  /** Paths and names of policies that each account has under that name (`/team/deploy`), sorted. */
  customer: string[]
  /** ARN, or path and name, of the permissions boundary. */
  boundary?: string
  /** The inline policy as canonical JSON. */
  inline?: string
  words: PlainWords
  /** What its end does not undo. */
  afterEnd: AfterEnd
}

/**
 * A statement of a policy that Curfew did not write. `allBut`: the actions are those it leaves out (NotAction).
 * `narrowed`: by a condition or by resources it leaves out, so that it gives less than the rest says.
 */
export type ForeignStatement = Statement & { effect: 'Allow' | 'Deny'; allBut: boolean; narrowed: boolean }

/** What a permission set is made of, for words. `inline` is undefined where its policy is not understood. */
export type SetParts = { managed: string[]; customer: string[]; inline: ForeignStatement[] | undefined }

/** What is different now, for the note of a refusal; undefined when nothing is. `now` is undefined when the set is gone. */
export function changeOf(before: SetContent, now: SetContent | undefined): string | undefined {
  if (now?.hash === before.hash) return undefined
  if (!now) return 'the permission set is gone'
  const changes = [
    ...differences(before.managed, now.managed),
    ...differences(before.customer, now.customer),
    before.inline === now.inline ? '' : 'its inline policy is another',
    before.boundary === now.boundary ? '' : `its permissions boundary is ${now.boundary ?? 'gone'}`,
    before.sessionMinutes === now.sessionMinutes
      ? ''
      : `its sessions last ${now.sessionMinutes} min, not ${before.sessionMinutes}`,
  ].filter(change => change !== '')
  return changes.join('; ') || 'its content is another'
}

function differences(before: string[], now: string[]): string[] {
  const added = now.filter(policy => !before.includes(policy)).map(policy => `${policy} was added`)
  return [...added, ...before.filter(policy => !now.includes(policy)).map(policy => `${policy} was removed`)]
}
