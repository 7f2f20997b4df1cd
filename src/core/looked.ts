import type { Account } from './entitlement.ts'

/**
 * One thing of AWS that was looked at. `missing`: the catalogue needs it otherwise; `note`: it works, and is worth
 * knowing; `unread`: AWS could not be asked. `fixes`: what mends it, to be run or pasted as it is.
 */
export type Looked = { mark: 'ok' | 'missing' | 'note' | 'unread'; about: string; says: string; fixes?: string[] }

/** What was looked at in one place, or with `text` something to run or paste whole. */
export type LookedAt = { title: string } & ({ lines: Looked[] } | { text: string[] })

/** An account as people know it, with its id. */
export function accountText({ name, id }: Pick<Account, 'name' | 'id'>): string {
  return `${name} (${id})`
}

/** A length of time in the largest unit that fits. */
export function minutesInWords(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`
}
