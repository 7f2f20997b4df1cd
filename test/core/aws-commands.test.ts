import { expect, it } from 'vitest'
import { remedyFor } from '../../src/core/aws-commands.ts'
import { aCatalogue, someId } from '../support/builders.ts'

const { identityCenter } = aCatalogue().aws
const policy = {
  accountId: '222222222222',
  principal: 'user',
  name: 'alice',
  policyName: 'curfew-req_00000000000000000001',
} as const
const place = {
  accountId: '111111111111',
  permissionSet: 'Curfew-ReadOnly',
  permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
}

it('a stray policy is taken off the user', () => {
  expect(remedyFor({ kind: 'stray_policy', ...policy, because: 'no_request' }, identityCenter)).toBe(
    'aws iam delete-user-policy --user-name alice --policy-name curfew-req_00000000000000000001',
  )
})

it('an assignment is taken from a person or a group', () => {
  const command = [
    'aws sso-admin delete-account-assignment --region ap-northeast-1 --instance-arn arn:aws:sso:::instance/ssoins-1',
    '--permission-set-arn arn:aws:sso:::permissionSet/ssoins-1/ps-1 --target-type AWS_ACCOUNT --target-id 111111111111',
  ].join(' ')
  const user = { principalType: 'USER', principalId: 'u-1' } as const
  expect(remedyFor({ kind: 'foreign_assignment', ...place, ...user }, identityCenter)).toBe(
    `${command} --principal-type USER --principal-id u-1`,
  )
  const group = { principalType: 'GROUP', principalId: 'g-1' } as const
  expect(remedyFor({ kind: 'group_assignment', ...place, ...group }, identityCenter)).toBe(
    `${command} --principal-type GROUP --principal-id g-1`,
  )
})

it('for what is missing, CloudTrail is asked who took it away, where it keeps that', () => {
  expect(remedyFor({ kind: 'missing_policy', requestId: someId, ...policy }, identityCenter)).toBe(
    'aws cloudtrail lookup-events --region us-east-1 --lookup-attributes AttributeKey=EventName,AttributeValue=DeleteUserPolicy',
  )
  const missing = {
    kind: 'missing_assignment',
    ...place,
    principalId: 'u-1',
    userName: 'alice',
    requestIds: [],
  } as const
  expect(remedyFor({ ...missing, requestIds: [] }, identityCenter)).toBe(
    'aws cloudtrail lookup-events --region ap-northeast-1 --lookup-attributes AttributeKey=EventName,AttributeValue=DeleteAccountAssignment',
  )
})
