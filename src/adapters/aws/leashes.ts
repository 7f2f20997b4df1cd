import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  type IAMClient,
  ListPolicyVersionsCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam'
import type { Leashes, LeashKey, MaySend } from '../../app/ports.ts'
import { leashArn } from '../../core/leash.ts'
import { roleOf } from '../../core/roster-seat.ts'
import { absent, present } from './faults.ts'
import type { AsMember } from './member-sessions.ts'
import { pagesOf } from './pages.ts'
import { send, startDeadline } from './send.ts'

/** Where Identity Center keeps the roles of permission sets. */
const reservedPath = '/aws-reserved/sso.amazonaws.com/'

/** IAM keeps so many versions of a policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const mostVersions = 5

/** Leashes over the wire, as the member role of their account, whose session can touch this one policy only. */
export function createLeashes(asMember: AsMember): Leashes {
  return {
    read(leash) {
      const deadline = startDeadline()
      const PolicyArn = leashArn(leash)
      return asMember(errand(leash), deadline, async iam => {
        const policy = await send(iam, new GetPolicyCommand({ PolicyArn }), { deadline }).catch(absent)
        if (!policy) return undefined
        const VersionId = present(policy.Policy?.DefaultVersionId, 'DefaultVersionId')
        const command = new GetPolicyVersionCommand({ PolicyArn, VersionId })
        const { PolicyVersion } = await send(iam, command, { deadline })
        return canonical(decodeURIComponent(present(PolicyVersion?.Document, 'Document')))
      })
    },

    publish(leash, document, maySend) {
      const deadline = startDeadline()
      const PolicyArn = leashArn(leash)
      return asMember({ ...errand(leash), publish: true }, deadline, async iam => {
        await makeRoom(iam, PolicyArn, deadline, maySend)
        const input = { PolicyArn, PolicyDocument: JSON.stringify(document), SetAsDefault: true }
        await send(iam, new CreatePolicyVersionCommand(input), { deadline, maySend })
      })
    },

    role(leash) {
      const deadline = startDeadline()
      return asMember(errand(leash), deadline, async iam => {
        const RoleName = roleOf(leash) ?? (await roleNameOf(iam, leash, deadline))
        const answer = RoleName && (await send(iam, new GetRoleCommand({ RoleName }), { deadline }).catch(absent))
        if (!answer) return undefined
        const { Arn, PermissionsBoundary } = present(answer.Role, 'Role')
        const boundaryArn = PermissionsBoundary?.PermissionsBoundaryArn
        return { arn: present(Arn, 'Arn'), ...(boundaryArn === undefined ? {} : { boundaryArn }) }
      })
    },
  }
}

/** The session is kept under what it is for: nothing else of the roster may be in it. */
function errand({ accountId, permissionSet }: LeashKey) {
  return { leash: { accountId, permissionSet } }
}

/** Of five versions the oldest goes that is not in force: version ids are never used again, so a late call harms nothing. */
async function makeRoom(iam: IAMClient, PolicyArn: string, deadline: AbortSignal, maySend: MaySend): Promise<void> {
  const { Versions = [] } = await send(iam, new ListPolicyVersionsCommand({ PolicyArn }), { deadline })
  if (Versions.length < mostVersions) return
  const ids = Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).map(version =>
    present(version.VersionId, 'VersionId'),
  )
  const [VersionId] = ids.sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)))
  if (VersionId === undefined) return
  await send(iam, new DeletePolicyVersionCommand({ PolicyArn, VersionId }), { deadline, maySend }).catch(absent)
}

/** `AWSReservedSSO_<set>_<sixteen hex>`: the name of one set may be how another's begins (platform: I). */
async function roleNameOf(iam: IAMClient, { permissionSet }: LeashKey, deadline: AbortSignal) {
  const start = `AWSReservedSSO_${permissionSet}_`
  const pages = pagesOf(async Marker => {
    const command = new ListRolesCommand({ PathPrefix: reservedPath, Marker, MaxItems: 1000 })
    const { Roles = [], IsTruncated, Marker: next } = await send(iam, command, { deadline })
    return {
      names: Roles.map(({ RoleName }) => present(RoleName, 'RoleName')),
      NextToken: IsTruncated ? next : undefined,
    }
  })
  for await (const { names } of pages) {
    const found = names.find(name => name.startsWith(start) && /^[0-9a-f]{16}$/.test(name.slice(start.length)))
    if (found !== undefined) return found
  }
  return undefined
}

/** Somebody may have written it by hand with white space. */
function canonical(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document))
  } catch {
    return document
  }
}
