import type { Account, Catalogue } from './entitlement.ts'
import { anchorCommand, boundaryCommand, installCommand, provisionCommand } from './leash-ready.ts'
import { createAnchorCommand } from './live-set.ts'
import { accountText } from './looked.ts'
import type { SetContent } from './set-content.ts'

/** A permission set for Curfew alone, to be made with what another one gives. */
export type DedicatedSet = {
  name: string
  from: string
  content: Pick<SetContent, 'managed' | 'customer' | 'inline' | 'boundary'>
  accounts: Account[]
  center: NonNullable<Catalogue['aws']['identityCenter']>
  /** The id of a group without members that keeps the roles of other sets. */
  anchorId?: string | undefined
}

/** Sessions end with the leash; short ones keep what is shown in the portal close to what is true. */
const sessionDuration = 'PT1H'

/** The lines that make the set with the AWS CLI, in the order in which AWS takes them: each account needs the policy first. */
export function dedicatedSetCommands({ name, content, accounts, center, anchorId }: DedicatedSet): string[] {
  const { region, instanceArn } = center
  const place = { permissionSet: name, permissionSetArn: '"$SET"', ...center }
  const at = `--region ${region} --instance-arn ${instanceArn}`
  const onSet = (operation: string, rest: string) =>
    `aws sso-admin ${operation} ${at} --permission-set-arn "$SET" ${rest}`
  return [
    ...accounts.flatMap(account => [`# in ${accountText(account)}`, installCommand(name)]),
    '# where Identity Center is administered',
    `SET=$(aws sso-admin create-permission-set ${at} --name ${name} --session-duration ${sessionDuration} --query PermissionSet.PermissionSetArn --output text)`,
    ...content.managed.map(arn => onSet('attach-managed-policy-to-permission-set', `--managed-policy-arn ${arn}`)),
    ...content.customer.map(path => {
      const { Name, Path } = referenceOf(path)
      const reference = `--customer-managed-policy-reference Name=${Name},Path=${Path}`
      return onSet('attach-customer-managed-policy-reference-to-permission-set', reference)
    }),
    ...(content.inline === undefined
      ? []
      : [onSet('put-inline-policy-to-permission-set', `--inline-policy ${quoted(content.inline)}`)]),
    boundaryCommand(place),
    anchorId === undefined ? createAnchorCommand(center) : `GROUP=${anchorId}`,
    ...accounts.map(({ id }) => anchorCommand({ ...place, accountId: id }, '"$GROUP"')),
    '# whenever the set is changed later',
    ...accounts.map(({ id }) => provisionCommand({ ...place, accountId: id })),
  ]
}

/** One word to a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** `/team/deploy` as Identity Center refers to it. */
export function referenceOf(path: string): { Name: string; Path: string } {
  const nameAt = path.lastIndexOf('/') + 1
  return { Name: path.slice(nameAt), Path: path.slice(0, nameAt) || '/' }
}
