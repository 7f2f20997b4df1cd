import { describe, expect, it } from 'vitest'
import { neverTouchedBy, whySetUntouchable, whyUntouchable } from '../../src/core/untouchable.ts'

const aws = {
  managementAccount: '999999999999',
  memberRole: 'curfew-member',
  neverTouch: ['arn:aws:iam::*:*/break-glass*'],
}
const dev = { id: '222222222222', sensitive: false }
const prod = { id: '111111111111', sensitive: true }
const bot = 'arn:aws:sts::000000000000:assumed-role/curfew-bot/worker'
const inDev = (resource: string) => ({ arn: `arn:aws:iam::222222222222:${resource}` })

describe('a principal is never written on', () => {
  it.each([
    ['role/aws-reserved/sso.amazonaws.com/ap-northeast-1/AWSReservedSSO_Admin_0123456789abcdef', 'aws_owned'],
    ['role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef', 'aws_owned'],
    ['role/AWSReservedSSO_Admin_0123456789abcdef', 'aws_owned'],
    ['role/aws-service-role/ops.amazonaws.com/AWSServiceRoleForOps', 'aws_owned'],
    ['role/curfew-member', 'curfews_own'],
    ['role/some/path/Curfew-Member', 'curfews_own'],
    ['user/break-glass-1', 'never_touched'],
    ['user/Break-Glass-1', 'never_touched'],
  ])('%s: %s', (resource, code) => {
    expect(whyUntouchable(inDev(resource), dev, aws, bot)?.code).toBe(code)
  })

  it.each([
    'user/alice',
    'user/staff/curfew-member',
    'user/AWSReservedSSO_x',
    'role/Dev',
    'role/curfew-bot',
  ])('but %s may be', resource => {
    expect(whyUntouchable(inDev(resource), dev, aws, bot)).toBeUndefined()
  })

  it('in the management account, whoever it is', () => {
    const account = { id: '999999999999', sensitive: false }
    expect(whyUntouchable({ arn: 'arn:aws:iam::999999999999:user/alice' }, account, aws, bot)?.code).toBe(
      'management_account',
    )
  })

  it('when it is the bot itself, as a role or as a user', () => {
    const hub = { id: '000000000000', sensitive: false }
    expect(whyUntouchable({ arn: 'arn:aws:iam::000000000000:role/x/curfew-bot' }, hub, aws, bot)?.code).toBe(
      'curfews_own',
    )
    const user = 'arn:aws:iam::000000000000:user/bots/curfew'
    expect(whyUntouchable({ arn: user }, hub, aws, user)?.code).toBe('curfews_own')
  })

  it('in a sensitive account without the ceiling, and the note is the command that sets it', () => {
    const arn = 'arn:aws:iam::111111111111:user/staff/alice'
    const refusal = {
      code: 'no_ceiling',
      note: 'aws iam put-user-permissions-boundary --user-name alice --permissions-boundary arn:aws:iam::111111111111:policy/curfew/ceiling',
    }
    expect(whyUntouchable({ arn }, prod, aws, bot)).toEqual(refusal)
    const other = 'arn:aws:iam::222222222222:policy/curfew/ceiling'
    expect(whyUntouchable({ arn, boundaryArn: other }, prod, aws, bot)).toEqual(refusal)
    const ceiling = 'arn:aws:iam::111111111111:policy/curfew/ceiling'
    expect(whyUntouchable({ arn, boundaryArn: ceiling }, prod, aws, bot)).toBeUndefined()
    const role = { arn: 'arn:aws:iam::111111111111:role/Dev' }
    expect(whyUntouchable(role, prod, aws, bot)?.note).toMatch(
      /^aws iam put-role-permissions-boundary --role-name Dev /,
    )
  })
})

it('a pattern of neverTouch is matched whole, and only its wildcards are wild', () => {
  const arn = 'arn:aws:iam::111111111111:user/alice.b'
  expect(neverTouchedBy(arn, ['arn:aws:iam::*:user/alice'])).toBeUndefined()
  expect(neverTouchedBy('arn:aws:iam::111111111111:user/alicexb', ['arn:aws:iam::*:user/alice.b'])).toBeUndefined()
  expect(neverTouchedBy(arn, ['arn:*', 'arn:aws:iam::*:user/alice??'])).toBe('arn:*')
})

it('a permission set is not assigned in the management account, nor where neverTouch names it', () => {
  const set = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'
  expect(whySetUntouchable(set, dev, aws)).toBeUndefined()
  expect(whySetUntouchable(set, { id: '999999999999' }, aws)).toEqual({ code: 'management_account', note: set })
  expect(whySetUntouchable(set, dev, { ...aws, neverTouch: ['arn:aws:sso:::permissionSet/*/ps-1'] })).toEqual({
    code: 'never_touched',
    note: `${set} (arn:aws:sso:::permissionSet/*/ps-1)`,
  })
})
