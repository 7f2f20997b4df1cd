import { describe, expect, it } from 'vitest'
import { dedicatedSetCommands } from '../../src/core/dedicated-set.ts'
import { dedicatedSetTerraform } from '../../src/core/dedicated-set-terraform.ts'

const set = {
  name: 'Curfew-Operator',
  from: 'Operator',
  content: {
    managed: ['arn:aws:iam::aws:policy/job-function/ViewOnlyAccess'],
    customer: ['/team/deploy', '/plain'],
    inline: `{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::it's/\${aws:username}/*"}]}`,
  },
  accounts: [{ key: '1st', id: '111111111111', name: 'Production', sensitive: true }],
  center: {
    region: 'eu-west-1',
    instanceArn: 'arn:aws:sso:::instance/ssoins-1',
    identityStoreId: 'd-1',
    startUrl: 'https://example.awsapps.com/start',
  },
}
const on = '--region eu-west-1 --instance-arn arn:aws:sso:::instance/ssoins-1 --permission-set-arn "$SET"'

describe('a dedicated set is made with everything that the other gives', () => {
  it('by commands that a shell takes as they are', () => {
    expect(dedicatedSetCommands(set).slice(4, 8)).toEqual([
      `aws sso-admin attach-managed-policy-to-permission-set ${on} --managed-policy-arn arn:aws:iam::aws:policy/job-function/ViewOnlyAccess`,
      `aws sso-admin attach-customer-managed-policy-reference-to-permission-set ${on} --customer-managed-policy-reference Name=deploy,Path=/team/`,
      `aws sso-admin attach-customer-managed-policy-reference-to-permission-set ${on} --customer-managed-policy-reference Name=plain,Path=/`,
      `aws sso-admin put-inline-policy-to-permission-set ${on} --inline-policy ` +
        `'{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::it'\\''s/\${aws:username}/*"}]}'`,
    ])
  })

  it('by resources that Terraform takes as they are', () => {
    const lines = dedicatedSetTerraform(set)
    const from = lines.indexOf('resource "aws_ssoadmin_managed_policy_attachment" "curfew_operator_viewonlyaccess" {')
    expect(lines.slice(from, from + 19)).toEqual([
      'resource "aws_ssoadmin_managed_policy_attachment" "curfew_operator_viewonlyaccess" {',
      '  instance_arn       = "arn:aws:sso:::instance/ssoins-1"',
      '  permission_set_arn = aws_ssoadmin_permission_set.curfew_operator.arn',
      '  managed_policy_arn = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"',
      '}',
      '',
      'resource "aws_ssoadmin_customer_managed_policy_attachment" "curfew_operator_team_deploy" {',
      '  instance_arn       = "arn:aws:sso:::instance/ssoins-1"',
      '  permission_set_arn = aws_ssoadmin_permission_set.curfew_operator.arn',
      '',
      '  customer_managed_policy_reference {',
      '    name = "deploy"',
      '    path = "/team/"',
      '  }',
      '}',
      '',
      'resource "aws_ssoadmin_customer_managed_policy_attachment" "curfew_operator_plain" {',
      '  instance_arn       = "arn:aws:sso:::instance/ssoins-1"',
      '  permission_set_arn = aws_ssoadmin_permission_set.curfew_operator.arn',
    ])
    // A dollar before a brace would begin something of Terraform's.
    expect(lines).toContain(
      `  inline_policy      = jsonencode({"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::it's/$\${aws:username}/*"}]})`,
    )
    // A name there begins with a letter or an underscore.
    expect(lines).toContain('  provider = aws._1st')
  })
})
