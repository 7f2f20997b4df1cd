import { deleteAssignmentCommand } from './aws-commands.ts'
import { firstOf } from './dangers.ts'
import type { Account, Catalogue, Entitlement } from './entitlement.ts'
import { leashArn, leashPath } from './leash.ts'
import { anchorCommand, boundaryCommand, installCommand, type LeashParts, provisionCommand } from './leash-ready.ts'
import { type Looked, minutesInWords } from './looked.ts'
import { whyPersistent } from './persistence.ts'
import { compareAssignments, type Listed } from './reconcile.ts'
import type { Roster } from './roster.ts'
import type { SetContent } from './set-content.ts'

type Center = NonNullable<Catalogue['aws']['identityCenter']>
/** Where a permission set may be asked for, by which entitlement. */
export type SetUse = { account: Account; entitlement: Entitlement }
type Place = { accountId: string; permissionSet: string; permissionSetArn: string }

/** AWS caches portal sign-ins for up to an hour, and a session begun then runs its full length (platform: B4). */
const portalCacheMinutes = 60

/** What is true of a leashed set wherever it is assigned. */
export function leashedSet(
  content: SetContent,
  place: Omit<Place, 'accountId'>,
  uses: SetUse[],
  center: Center,
): Looked[] {
  const wanted = leashPath(place.permissionSet)
  const { boundary, sessionMinutes } = content
  return [
    { mark: 'ok', about: 'there', says: place.permissionSetArn },
    { mark: 'ok', about: 'sessions', says: `last ${minutesInWords(sessionMinutes)}; the leash ends them on time` },
    boundary === wanted
      ? { mark: 'ok', about: 'bounded', says: `by ${wanted}` }
      : {
          mark: 'missing',
          about: 'bounded',
          says: boundary === undefined ? 'no: it has no boundary' : `by ${boundary}, not by ${wanted}`,
          fixes: [boundaryCommand({ ...place, ...center })],
        },
    ...escapable(content, uses),
  ]
}

/** What is true of a set without a leash: one line. */
export function unleashedSet({ sessionMinutes }: SetContent): Looked {
  const late = minutesInWords(sessionMinutes + portalCacheMinutes)
  const says = `by removal: an open session may go on for up to ${late}, and nobody is removed while Curfew is down`
  return { mark: 'note', about: 'ends', says }
}

/** A set that Identity Center does not have. `source`: the set it is made of, by commands that are told elsewhere. */
export function noSet(name: string, { region, instanceArn }: Center, source?: string): Looked {
  const missing = { mark: 'missing', about: 'there' } as const
  const says = 'no: there is no such permission set'
  if (source !== undefined) return { ...missing, says: `${says}; what makes it of ${source} is below` }
  const create = `aws sso-admin create-permission-set --region ${region} --instance-arn ${instanceArn}`
  return { ...missing, says, fixes: [`${create} --name ${name} --session-duration PT1H`] }
}

function escapable(content: SetContent, uses: SetUse[]): Looked[] {
  const { escapes, lasts, unread } = content.afterEnd
  const about = 'escapable'
  const how = [
    ...(escapes.length > 0 ? [`yes, with ${firstOf(escapes)}: whoever uses them may go on after the end`] : []),
    ...(unread.length > 0 ? [`perhaps: Curfew does not read ${unread.join(', ')}`] : []),
  ]
  const isFree = how.length === 0
  const lines: Looked[] = isFree ? [{ mark: 'ok', about, says: 'no, as far as its policies tell' }] : []
  lines.push(...how.map((says, index): Looked => ({ mark: 'note', about: index === 0 ? about : '', says })))
  if (lasts.length > 0) {
    lines.push({ mark: 'note', about: 'leaves', says: `what it makes with ${firstOf(lasts)} goes on after the end` })
  }
  const refused = uses.filter(({ account, entitlement }) => whyPersistent({ content }, account, entitlement))
  return [
    ...lines,
    ...refused.map(({ account, entitlement }): Looked => {
      const says = `${entitlement.id} is refused in ${account.name}, which is sensitive`
      return {
        mark: 'missing',
        about: 'allowed',
        says,
        fixes: [`# curfew.yaml, ${entitlement.id}: allowPersistence: true, or narrow the set`],
      }
    }),
  ]
}

/** Whether the account has the policy that the set's boundary names. */
export function installed(policy: LeashParts['policy'], { permissionSet }: Place): Looked {
  const path = leashPath(permissionSet)
  return policy === undefined
    ? {
        mark: 'missing',
        about: 'installed',
        says: `no: the account has no ${path}`,
        fixes: [installCommand(permissionSet)],
      }
    : { mark: 'ok', about: 'installed', says: path }
}

/** Whether the set's role in the account is bounded: that is what AWS weighs. */
export function carried(role: LeashParts['role'], place: Place, center: Center): Looked {
  const about = 'carried'
  if (!role) return { mark: 'missing', about, says: 'no: the set has no role here until it is assigned' }
  return role.boundaryArn === leashArn(place)
    ? { mark: 'ok', about, says: `by ${role.arn}` }
    : { mark: 'missing', about, says: `not by ${role.arn}`, fixes: [provisionCommand({ ...place, ...center })] }
}

/** Whether a group without anybody in it keeps the set's role in the account. `known`: one that does so elsewhere. */
export function anchored(anchors: Listed[], known: Listed | undefined, place: Place, center: Center): Looked {
  const [anchor] = anchors
  if (anchor) return { mark: 'ok', about: 'anchored', says: `by the empty group ${anchor.name ?? anchor.principalId}` }
  const says = 'no: without an empty group assigned, the role goes with the last assignment'
  const where = { ...place, ...center }
  const fixes = known
    ? [anchorCommand(where, known.principalId)]
    : [createAnchorCommand(center), anchorCommand(where, '"$GROUP"')]
  return { mark: 'missing', about: 'anchored', says, fixes }
}

/** Makes a group that stays without members, and keeps its id in `$GROUP`. */
export function createAnchorCommand({ region, identityStoreId }: Center): string {
  const group = `--identity-store-id ${identityStoreId} --display-name curfew-anchor`
  return `GROUP=$(aws identitystore create-group --region ${region} ${group} --query GroupId --output text)`
}

/** Whether Curfew alone assigns the set in the account: who else has it, each with what takes it away. */
export function dedicated(held: Listed[], roster: Roster | undefined, place: Place, center: Center): Looked[] {
  const others = compareAssignments(place, held, roster).flatMap((finding): Looked[] => {
    if (finding.kind !== 'foreign_assignment' && finding.kind !== 'group_assignment') return []
    const who = `${finding.principalType === 'GROUP' ? 'group ' : ''}${finding.name ?? finding.principalId}`
    const says = `no: ${who} has it too, not through Curfew`
    return [{ mark: 'missing', about: 'dedicated', says, fixes: [deleteAssignmentCommand(finding, center)] }]
  })
  return others.length > 0 ? others : [{ mark: 'ok', about: 'dedicated', says: 'nobody has it but through Curfew' }]
}
