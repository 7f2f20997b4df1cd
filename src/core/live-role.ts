import type { Account, Catalogue } from './entitlement.ts'
import { leashArn, leashPath } from './leash.ts'
import { installCommand, roleBoundaryCommand } from './leash-ready.ts'
import { accountText, type Looked, minutesInWords } from './looked.ts'
import { rosterNameOfRole } from './roster-seat.ts'
import { flawForAnybody, pinnedStatement, type TrustFlaw, usersLetIn } from './trust-policy.ts'
import { type Principal, whyNotEnterable, whyUntouchable } from './untouchable.ts'

type Role = { trust: string; sessionMinutes: number } & Principal
type Scene = { account: Account; aws: Catalogue['aws']; botArn: string }

/** A role that the catalogue names and the account does not have. */
export function noRole(name: string, account: Account): Looked {
  return { mark: 'missing', about: 'there', says: `no: ${accountText(account)} has no role ${name}` }
}

/** Whether policies for one person can be put on a role that a team shares. */
export function sharedRole(role: Role, scene: Scene): Looked[] {
  const { account, aws, botArn } = scene
  return [
    { mark: 'ok', about: 'there', says: role.arn },
    mayBeTouched(whyUntouchable(role, account, aws, botArn), role, account),
    pinned(role, aws),
    letsIn(role, aws),
  ]
}

/** Whether people can be let into a role for a while, and how long they stay. */
export function enteredRole(role: Role, { account, aws, botArn }: Scene): Looked[] {
  return [
    { mark: 'ok', about: 'there', says: role.arn },
    mayBeTouched(whyNotEnterable(role, account, aws, botArn), role, { ...account, sensitive: false }),
    letsIn(role, aws),
    sessionsOf(role, account),
  ]
}

/** Whether AWS ends sessions that are open at the end; a leash is the owner's choice, and nothing that is missing. */
function sessionsOf({ arn, boundaryArn, sessionMinutes }: Role, { id: accountId }: Account): Looked {
  const about = 'sessions'
  const roleName = arn.split('/').at(-1) ?? ''
  const permissionSet = rosterNameOfRole(roleName)
  const leash = leashArn({ accountId, permissionSet, permissionSetArn: arn })
  if (boundaryArn === leash) return { mark: 'ok', about, says: `end on time: it is under ${leashPath(permissionSet)}` }
  const late = `one that is open at the end goes on for up to ${minutesInWords(sessionMinutes)}`
  if (boundaryArn !== undefined) return { mark: 'note', about, says: `no leash, but ${boundaryArn}: ${late}` }
  const fixes = [installCommand(permissionSet), roleBoundaryCommand(roleName, leash)]
  return { mark: 'note', about, says: `no leash: ${late}; to put it on one`, fixes }
}

function mayBeTouched(
  refused: ReturnType<typeof whyUntouchable>,
  { boundaryArn }: Role,
  { sensitive }: Account,
): Looked {
  if (!refused) {
    return {
      mark: 'ok',
      about: 'grantable',
      says: sensitive ? `it is under ${boundaryArn}` : 'nothing speaks against it',
    }
  }
  const { code, note } = refused
  if (code === 'no_ceiling') {
    const says = `no: the account is sensitive, and its boundary is ${boundaryArn ?? 'missing'}`
    return { mark: 'missing', about: 'grantable', says, fixes: [note] }
  }
  return { mark: 'missing', about: 'grantable', says: `no: Curfew never grants there (${code})` }
}

function pinned({ trust }: Role, aws: Catalogue['aws']): Looked {
  const about = 'pinned'
  const flaw = flawForAnybody(trust, whereOf(aws))
  if (!flaw) return { mark: 'ok', about, says: 'everybody enters under a name that is theirs alone' }
  // The first line names the statement, where one could be told.
  const [first = '', ...rest] = flaw.note.split('\n')
  const what = flawTexts[flaw.code](rest.length > 0 ? `statement ${first}` : 'the trust policy')
  const fixes = rest.length > 0 ? rest : [first]
  const isOfOne = flaw.onlyOf !== undefined && usersLetIn(trust, whereOf(aws)) === 'all'
  return isOfOne
    ? { mark: 'note', about, says: `but for a user called ${flaw.onlyOf}: ${what}; it could be`, fixes }
    : { mark: 'missing', about, says: `no: ${what}; it should be`, fixes }
}

const flawTexts: Record<TrustFlaw['code'], (statement: string) => string> = {
  trust_not_pinned: statement => `${statement} lets people name their sessions as they like`,
  trust_too_wide: statement => `${statement} lets in others than IAM users of the jump account`,
  trust_unreadable: statement => `${statement} cannot be read`,
}

function letsIn({ trust }: Role, aws: Catalogue['aws']): Looked {
  const who = usersLetIn(trust, whereOf(aws))
  if (who === 'all') return { mark: 'ok', about: 'lets in', says: 'IAM users of the jump account' }
  if (who.length > 0)
    return { mark: 'note', about: 'lets in', says: `of the IAM users of the jump account only ${who.join(', ')}` }
  const says = 'no IAM user of the jump account; its trust policy needs'
  return { mark: 'missing', about: 'lets in', says, fixes: [pinnedStatement(aws.hubAccount)] }
}

function whereOf({ hubAccount: jumpAccount, federation }: Catalogue['aws']) {
  return { jumpAccount, federation }
}
