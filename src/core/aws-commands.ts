import type { Catalogue } from './entitlement.ts'
import type { PolicyPlace } from './policy-place.ts'
import type { Finding } from './reconcile.ts'

type Center = Catalogue['aws']['identityCenter']
type AnAssignment = {
  accountId: string
  permissionSetArn: string
  principalType: 'USER' | 'GROUP'
  principalId: string
}

/** What takes a policy off its user or role by hand; run in the account of that. */
export function deletePolicyCommand({ principal, name, policyName }: PolicyPlace): string {
  return `aws iam delete-${principal}-policy --${principal}-name ${name} --policy-name ${policyName}`
}

/** What takes an assignment away by hand; run where Identity Center is administered. */
export function deleteAssignmentCommand(of: AnAssignment, center: Center): string {
  const { instanceArn = 'INSTANCE_ARN', region = 'REGION' } = center ?? {}
  return [
    `aws sso-admin delete-account-assignment --region ${region} --instance-arn ${instanceArn}`,
    `--permission-set-arn ${of.permissionSetArn} --target-type AWS_ACCOUNT --target-id ${of.accountId}`,
    `--principal-type ${of.principalType} --principal-id ${of.principalId}`,
  ].join(' ')
}

/** What to do about a finding: takes away what should not be there, or shows who took away what should. */
export function remedyFor(finding: Finding, center: Center): string {
  switch (finding.kind) {
    case 'stray_policy':
      return deletePolicyCommand(finding)
    case 'missing_policy':
      // IAM is global, and CloudTrail keeps its events in us-east-1.
      return whoCalled(finding.principal === 'role' ? 'DeleteRolePolicy' : 'DeleteUserPolicy', 'us-east-1')
    case 'missing_assignment':
      return whoCalled('DeleteAccountAssignment', center?.region ?? 'REGION')
    case 'foreign_assignment':
    case 'group_assignment':
      return deleteAssignmentCommand(finding, center)
  }
}

function whoCalled(eventName: string, region: string): string {
  const attribute = `AttributeKey=EventName,AttributeValue=${eventName}`
  return `aws cloudtrail lookup-events --region ${region} --lookup-attributes ${attribute}`
}
